"""One field template for all forms (templates/components/field.html)."""

from django.forms.renderers import TemplatesSetting


class HouseRenderer(TemplatesSetting):
    field_template_name = "components/field.html"
