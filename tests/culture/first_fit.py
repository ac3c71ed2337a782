"""A planner that takes the first performance with room for each class, in order: enough to test what is done with a plan."""

from culture.rules.plan.problem import Booking, digest
from culture.rules.plan.proposal import Level, LevelName, Plan, Unserved, plan_bytes, plan_digest
from culture.solving import Solved


def first_fit(problem, report):
    classes = {klass.key: klass for klass in problem.classes}
    bookings = list(problem.fixed)
    for number, klass in enumerate(problem.classes):
        report("unserved", number, len(problem.classes))
        for show in problem.performances:
            theirs = [booking for booking in bookings if booking.klass == klass.key]
            if len(theirs) >= klass.owed:
                break
            if _fits(klass, show, problem, bookings, classes):
                bookings.append(Booking(klass.key, show.key))
    unserved = [klass for klass in problem.classes if not any(booking.klass == klass.key for booking in bookings)]
    left = sum(klass.pupils for klass in unserved)
    plan = Plan(
        bookings=tuple(sorted(bookings)),
        hosts=problem.hosts,
        buses=(),
        unserved=tuple(Unserved(klass.key, klass.owed) for klass in unserved),
        levels=(Level(LevelName.UNSERVED, left, 0),),
        pupils=sum(klass.pupils for klass in problem.classes),
        pupils_unserved=left,
        line_proved=False,
        problem=digest(problem),
        seed=problem.seed,
    )
    return Solved(
        text=plan_bytes(plan).decode(),
        sha256=plan_digest(plan),
        bookings=plan.bookings,
        hosts=plan.hosts,
        pupils_unserved=left,
        bound=0,
        reasons=[],
        verdict={"ok": True, "faults": []},
    )


def _fits(klass, show, problem, bookings, classes):
    shows = {each.key: each for each in problem.performances}
    theirs = [shows[booking.performance] for booking in bookings if booking.klass == klass.key]
    there = [classes[booking.klass] for booking in bookings if booking.performance == show.key]
    seats = sum(each.pupils + each.adults for each in there) + klass.pupils + klass.adults
    return (
        {part.cohort for part in klass.parts} <= show.cohorts
        and (klass.key, show.key) not in problem.refused
        and show.event not in klass.seen | {each.event for each in theirs}
        and show.on not in klass.blocked | {each.on for each in theirs}
        and klass.needs <= show.offers
        and (show.capacity.seats is None or seats <= show.capacity.seats)
        and (show.capacity.groups is None or len(there) < show.capacity.groups)
        and not show.touring
    )
