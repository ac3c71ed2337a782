from associations.models.association import Association, Category
from associations.models.mandate import Mandate

__all__ = ["Association", "Category", "Mandate"]
