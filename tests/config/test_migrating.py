"""What only adds is done together, and the database is the same to the letter as when it is done one by one."""

from django.db import connection, migrations, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState
from pgtrigger.compiler import Trigger, UpsertTriggerSql
from pgtrigger.migrations import AddTrigger

from config.migrating import Additions, Executor, together

KEY = ("id", models.BigAutoField(primary_key=True))


def _link(to, **options):
    return models.ForeignKey(f"house.{to}", models.PROTECT, **options)


def _refused(model, name):
    upsert = UpsertTriggerSql(
        func="RAISE EXCEPTION 'refused';",
        hash="0",
        operation="DELETE",
        pgid=f"refused_{name}",
        table=f"house_{model}",
        when="BEFORE",
    )
    return AddTrigger(model, Trigger(name=name, sql=upsert))


def _write_a_song(apps, schema_editor):
    singer = apps.get_model("house", "singer").objects.create(name="Evert")
    apps.get_model("house", "song").objects.create(title="Calle Schewens vals", singer=singer, length=3)


def _first():
    return [
        migrations.CreateModel("singer", [KEY, ("name", models.CharField(max_length=40))]),
        migrations.CreateModel(
            "song",
            [KEY, ("title", models.CharField(max_length=40, db_index=True)), ("singer", _link("singer"))],
            options={"indexes": [models.Index(fields=["title", "singer"], name="song_by_title")]},
        ),
        migrations.CreateModel("oldsong", [], options={"proxy": True}, bases=("house.song",)),
        _refused("song", "of_a_proxy"),
        migrations.AddField("singer", "favourite", _link("song", null=True, related_name="+")),
        migrations.AddField("singer", "friends", models.ManyToManyField("house.singer")),
        migrations.AddField("song", "length", models.IntegerField(default=1), preserve_default=False),
        migrations.AddIndex("singer", models.Index(fields=["favourite"], name="singer_by_favourite")),
        migrations.AddConstraint("song", models.CheckConstraint(condition=models.Q(length__gt=0), name="song_has_length")),
        migrations.AddConstraint(
            "singer", models.UniqueConstraint(fields=["name"], condition=models.Q(favourite=None), name="singer_named_once")
        ),
        _refused("singer", "singers_stay"),
    ]


def _later():
    return [
        migrations.RunPython(_write_a_song),
        migrations.RunSQL("set constraints all immediate"),
        migrations.AddField("song", "year", models.IntegerField(null=True)),
        migrations.CreateModel("album", [KEY, ("songs", models.ManyToManyField("house.song"))]),
        migrations.AddConstraint("song", models.CheckConstraint(condition=models.Q(year=None, length=3), name="song_is_short")),
        _refused("song", "songs_stay"),
        migrations.AlterField("song", "year", models.BigIntegerField(null=True)),
        migrations.AddField("album", "best", _link("song")),
    ]


def _migration(name, operations):
    migration = migrations.Migration(name, "house")
    migration.operations = operations
    return migration


CATALOG = """
    select c.relname, 'column', a.attnum || ' ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || a.attnotnull
        || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
        left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum where c.relname like 'house%'
    union all select c.relname, 'constraint', k.conname || ' ' || pg_get_constraintdef(k.oid)
        from pg_class c join pg_constraint k on k.conrelid = c.oid where c.relname like 'house%'
    union all select tablename, 'index', indexdef from pg_indexes where tablename like 'house%'
    union all select c.relname, 'trigger', pg_get_triggerdef(t.oid)
        from pg_class c join pg_trigger t on t.tgrelid = c.oid where c.relname like 'house%' and not t.tgisinternal
    order by 1, 2, 3
"""


def _made_by(executor_class, *migrations_in_order):
    """The catalog of the database, and the state, after the migrations. Nothing of it stays."""
    with transaction.atomic():
        state = ProjectState()
        for migration in migrations_in_order:
            state = executor_class(connection).apply_migration(state, migration)
        with connection.cursor() as cursor:
            cursor.execute(CATALOG)
            catalog = cursor.fetchall()
        transaction.set_rollback(True)
    return catalog, state


def test_together_makes_what_one_by_one_makes(db):
    plain, plain_state = _made_by(MigrationExecutor, _migration("0001", _first()), _migration("0002", _later()))
    ours, our_state = _made_by(Executor, _migration("0001", _first()), _migration("0002", _later()))

    assert len(plain) > 50
    assert ours == plain
    assert our_state == plain_state
    assert our_state.apps.get_model("house", "album")._meta.get_field("best").related_model.__name__ == "song"


def test_what_only_adds_is_one_operation_and_the_rest_keeps_its_place():
    first, later = list(together(_first())), list(together(_later()))

    assert [type(operation).__name__ for operation in first] == ["Additions", "CreateModel", "Additions"]
    assert [len(operation.operations) for operation in first if isinstance(operation, Additions)] == [2, 8]
    assert [type(operation).__name__ for operation in later] == ["RunPython", "RunSQL", "Additions", "AlterField", "Additions"]
