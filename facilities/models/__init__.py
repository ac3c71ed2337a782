"""None"""

from facilities.models.billing import Bill, BillingRun, BillLine
from facilities.models.booking import Booking, Occupancy, Series
from facilities.models.fault import FaultNote, FaultReport
from facilities.models.feed import CalendarFeed
from facilities.models.hours import BookingRules, HoursException, OpeningHours
from facilities.models.place import Space, SpaceEquipment, Venue, VenuePicture
from facilities.models.proposal import SeasonComment, SeasonRun, SeasonStep
from facilities.models.season import PrincipleSet, SeasonRound
from facilities.models.season_time import SeasonClash, SeasonHold, SeasonTime, TimeOffer
from facilities.models.season_use import BlockShare, UseNotice
from facilities.models.season_work import SeasonWork
from facilities.models.section import Section, SuitableHours, WishedSpace, WishList
from facilities.models.swap import SwapProposal
from facilities.models.tariff import CancelStep, HirerCategory, Rate, Share, Tariff, VatRate
from facilities.models.waiting import WaitingEntry

__all__ = [
    "Bill",
    "BillLine",
    "BillingRun",
    "BlockShare",
    "Booking",
    "BookingRules",
    "CalendarFeed",
    "CancelStep",
    "FaultNote",
    "FaultReport",
    "HirerCategory",
    "HoursException",
    "Occupancy",
    "OpeningHours",
    "PrincipleSet",
    "Rate",
    "SeasonClash",
    "SeasonComment",
    "SeasonHold",
    "SeasonRound",
    "SeasonRun",
    "SeasonStep",
    "SeasonTime",
    "SeasonWork",
    "Section",
    "Series",
    "Share",
    "Space",
    "SpaceEquipment",
    "SuitableHours",
    "SwapProposal",
    "Tariff",
    "TimeOffer",
    "UseNotice",
    "VatRate",
    "Venue",
    "VenuePicture",
    "WaitingEntry",
    "WishList",
    "WishedSpace",
]
