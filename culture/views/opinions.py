"""What teachers and pupils thought of each offer: for those who plan, and for the producer. Never of fewer than five."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.permissions import Request, needs, signed_in
from culture import follow_up
from culture.choices import Who
from culture.follow_up import Opinions
from culture.models import Evaluation, Offer, Producer, SchoolYear
from culture.models.evaluation import FEWEST_SHOWN
from culture.views.voices import year_shown
from records.spreadsheets import FORMATS, download

QUESTIONS = {
    "liked": gettext_lazy("How much they liked it"),
    "suited": gettext_lazy("How well it suited the age"),
    "again": gettext_lazy("Whether they would do it again"),
}
SCALE = (gettext_lazy("not at all"), gettext_lazy("a little"), gettext_lazy("much"), gettext_lazy("very much"))


@needs("culture.read")
@require_GET
def opinions(request: Request) -> HttpResponse:
    """Every offer that somebody has answered about, with its means. Constant queries; csv and xlsx."""
    year = year_shown(request.GET.get("lasar", ""), localdate())
    offers = _answered(Offer.objects.all(), year)
    thought = follow_up.opinions(offers)
    rows = [(offer, *(_brief(each) for each in thought[offer.pk])) for offer in offers]
    if (kind := request.GET.get("format")) in FORMATS:
        return download(kind, name="utvarderingar", headings=_headings(), rows=_rows(offers, thought))
    context = {"year": year, "years": SchoolYear.objects.order_by("-first"), "rows": rows, "fewest": FEWEST_SHOWN}
    return render(request, "culture/report/opinions.html", context)


def _answered(offers: Any, year: SchoolYear | None) -> list[Offer]:
    """Offers with answers from a school year's performances, by title. One query."""
    answered = Evaluation.objects.filter(performance__year=year) if year else Evaluation.objects.all()
    return list(offers.filter(pk__in=answered.values("offer")).select_related("producer").order_by("title", "pk"))


def _brief(each: Opinions) -> dict[str, Any]:
    return {"answers": each.answers if each.is_shown else None, "mean": each.mean("liked"), "some": bool(each.answers)}


@needs("culture.read")
@require_GET
def opinion(request: Request, pk: int) -> HttpResponse:
    """One offer: each question with how many said what, and their words."""
    offer = get_object_or_404(Offer.objects.visible_to(request.user).select_related("producer"), pk=pk)
    context = {"offer": offer, "groups": _groups(offer, follow_up.opinions([offer])[offer.pk]), "fewest": FEWEST_SHOWN}
    return render(request, "culture/report/opinion.html", context)


def _groups(offer: Offer, thought: Sequence[Opinions]) -> list[dict[str, Any]]:
    """Teachers and pupils: title, answers, charts with their message as title, words."""
    names = {Who.TEACHER: _("Teachers"), Who.PUPIL: _("Pupils")}
    return [
        {
            "title": names[Who(each.who)],
            "answers": each.answers,
            "shown": each.is_shown,
            "charts": [
                _chart(f"{offer}, {names[Who(each.who)].lower()}", name, words, each)
                for name, words in QUESTIONS.items()
                if sum(each.spread.get(name, ()))
            ],
            "words": each.words,
        }
        for each in thought
    ]


def _chart(of: str, name: str, words: Any, each: Opinions) -> dict[str, Any]:
    mean = str(each.mean(name)).replace(".", ",")
    return {
        "title": _("%(question)s: %(mean)s of 4") % {"question": words, "mean": mean},
        "description": of,
        "bars": [(str(label), number) for label, number in zip(SCALE, each.spread[name], strict=True)],
    }


@needs("culture.read")
@require_GET
def opinions_of_producer(request: Request, pk: int) -> HttpResponse:
    """What a producer is shown, for an officer who wants to print or send it."""
    producer = get_object_or_404(Producer, pk=pk)
    return _of_producers(request, [producer])


@signed_in
@require_GET
def own_opinions(request: Request) -> HttpResponse:
    """An association that is a producer sees what was thought of its own offers."""
    hat = request.hat
    key = int(hat.key) if hat and hat.kind == "association" else 0
    return _of_producers(request, list(Producer.objects.filter(association=key).order_by("name")))


def _of_producers(request: Request, producers: Sequence[Producer]) -> HttpResponse:
    offers = _answered(Offer.objects.filter(producer__in=producers), None)
    thought = follow_up.opinions(offers)
    context = {
        "producers": producers,
        "offers": [(offer, _groups(offer, thought[offer.pk])) for offer in offers],
        "fewest": FEWEST_SHOWN,
    }
    return render(request, "culture/report/producer.html", context, status=200 if producers else 404)


def _headings() -> list[str]:
    return [_("Offer"), _("Producer"), _("Who"), _("Answers"), *(str(words) for words in QUESTIONS.values())]


def _rows(offers: Iterable[Offer], thought: dict[int, tuple[Opinions, ...]]) -> Iterable[list[Any]]:
    for offer in offers:
        for each in thought[offer.pk]:
            if each.is_shown:
                means = [each.mean(name) for name in QUESTIONS]
                yield [offer.title, offer.producer.name, str(Who(each.who).label), each.answers, *means]
