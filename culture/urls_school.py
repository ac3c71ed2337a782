"""Schools: what they are asked, their visits and classes; by a link in a letter, or signed in."""

from django.urls import URLPattern, path

from culture.views import class_changes, class_facts, confirm, school, telling

urlpatterns: list[URLPattern] = [
    path("lank/<str:token>/", school.link_home, name="link"),
    path("lank/<str:token>/besok/<int:pk>/", confirm.link_visit, name="link_visit"),
    path("lank/<str:token>/besok/<int:pk>/kom-inte/", confirm.link_missed, name="link_missed"),
    path("lank/<str:token>/besok/<int:pk>/tyck-till/", telling.link_telling, name="link_telling"),
    path("lank/<str:token>/tyck-till/", telling.link_tell, name="link_tell"),
    path("lank/<str:token>/besok/<int:pk>/svara/", confirm.link_answer, name="link_answer"),
    path("lank/<str:token>/klasser/", school.link_classes, name="link_classes"),
    path("lank/<str:token>/klasser/ny/", school.link_class_new, name="link_class_new"),
    path("lank/<str:token>/klasser/<int:pk>/", school.link_class, name="link_class"),
    path("lank/<str:token>/klasser/sla-ihop/", class_changes.link_classes_merge, name="link_classes_merge"),
    path("lank/<str:token>/klasser/<int:pk>/dela/", class_changes.link_class_split, name="link_class_split"),
    path("lank/<str:token>/klasser/<int:pk>/om/", class_facts.link_class_facts, name="link_class_facts"),
    path("lank/<str:token>/klasser/<int:pk>/ta-bort/", class_facts.link_class_remove, name="link_class_remove"),
    path("lank/<str:token>/dagar/", school.link_days, name="link_days"),
    path("lank/<str:token>/dagar/<int:pk>/passar/", school.link_days_free, name="link_days_free"),
    path("skola/", school.school_home, name="school_home"),
    path("skola/besok/<int:pk>/", confirm.school_visit, name="school_visit"),
    path("skola/besok/<int:pk>/kom-inte/", confirm.school_missed, name="school_missed"),
    path("skola/besok/<int:pk>/tyck-till/", telling.school_telling, name="school_telling"),
    path("skola/besok/<int:pk>/svara/", confirm.school_answer, name="school_answer"),
    path("skola/klasser/", school.school_classes, name="school_classes"),
    path("skola/klasser/ny/", school.school_class_new, name="school_class_new"),
    path("skola/klasser/<int:pk>/", school.school_class, name="school_class"),
    path("skola/klasser/sla-ihop/", class_changes.school_classes_merge, name="school_classes_merge"),
    path("skola/klasser/<int:pk>/dela/", class_changes.school_class_split, name="school_class_split"),
    path("skola/klasser/<int:pk>/om/", class_facts.school_class_facts, name="school_class_facts"),
    path("skola/klasser/<int:pk>/ta-bort/", class_facts.school_class_remove, name="school_class_remove"),
    path("skola/dagar/", school.school_days, name="school_days"),
    path("skola/dagar/<int:pk>/passar/", school.school_days_free, name="school_days_free"),
    path("skola/platser/", school.school_places, name="school_places"),
]
