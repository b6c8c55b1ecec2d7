"""The rules about subscriptions: what they say, and where they must stay silent."""

from __future__ import annotations

import pytest

from appsync_lint.linter.runner import run
from appsync_lint.linter.settings import Settings
from appsync_lint.schema import parse_schema

from .asking import IAM, KEY, OIDC, POOL, RULES, api, ask, everything, folding, one, with_open_modes

BYPASS = "subscription-bypasses-query"
DELIVERS = "subscription-delivers-restricted-field"
WIDER = "subscription-wider-than-mutation"
PUBLISHER = "publisher-mode-missing"
BOTH = "@aws_iam @aws_cognito_user_pools"


def groups(*names: str) -> str:
    listed = ", ".join(f'"{name}"' for name in names)
    return f"@aws_cognito_user_pools(cognito_groups: [{listed}])"


def schema(
    *, query: str = "", mutation: str = "", subscription: str = "", payload: str = "", arguments: str = ""
) -> str:
    """Return a schema with one type, one query for it, one mutation and one subscription; the directives are given."""
    return (
        f"type Query {{ note(id: ID!): Note {query} version: Int }}\n"
        f"type Mutation {{ put(id: ID!): Note {mutation} }}\n"
        f'type Subscription {{ onPut{arguments}: Note @aws_subscribe(mutations: ["put"]) {subscription} }}\n'
        f"type Note {payload} {{ id: ID  owner: String }}"
    )


class TestBypassedQueries:
    def test_a_restricted_query_and_an_open_subscription(self) -> None:
        found = one(BYPASS, schema(query=groups("A", "B")), api(POOL, IAM))

        assert found.severity.value == "error"
        assert found.coordinate == "Subscription.onPut"
        assert found.message == (
            "every signed-in Cognito user may subscribe to Subscription.onPut and gets each Note that is published, "
            "while queries give it to A or B only"
        )
        assert found.help == f"write {groups('A', 'B')} on the subscription"

    def test_the_advice_ends_the_finding_and_keeps_the_other_modes(self) -> None:
        wide = schema(query=groups("A"), subscription=BOTH, payload=BOTH)
        found = one(BYPASS, wide, api(POOL, IAM))
        wanted = found.help.removeprefix("write ").removesuffix(" on the subscription")

        assert wanted == f"{groups('A')} @aws_iam"
        assert not ask(BYPASS, schema(query=groups("A"), subscription=wanted, payload=BOTH), api(POOL, IAM))

    def test_a_type_that_restricts_what_queries_return(self) -> None:
        """A type's directives close the query and do not close the subscription."""
        found = everything(schema(payload=groups("A"), mutation=groups("A")), api(POOL, IAM))

        assert [item.rule for item in found if "subscription" in item.rule] == [BYPASS]

    def test_a_user_pool_alone(self) -> None:
        restricted = 'type Query { note: Note @aws_auth(cognito_groups: ["A"]) }\n'
        rest = (
            "type Mutation { put: Note }\n"
            'type Subscription { onPut: Note @aws_subscribe(mutations: ["put"]) }\ntype Note { id: ID }'
        )
        found = one(BYPASS, restricted + rest, api(POOL))

        assert found.help == 'write @aws_auth(cognito_groups: ["A"]) on the subscription'
        assert not ask(BYPASS, restricted + rest, api(POOL, action="DENY"))

    def test_the_api_key(self) -> None:
        text = schema(query="@aws_cognito_user_pools", payload="@aws_api_key @aws_cognito_user_pools")
        found = one(BYPASS, text, api(KEY, POOL, IAM))

        assert "anybody who has the API key" in found.message
        assert "to signed-in Cognito users only" in found.message
        assert found.help == "write @aws_cognito_user_pools on the subscription"

    def test_required_arguments_narrow_what_one_gets(self) -> None:
        some = schema(query=groups("A"), arguments="(id: ID!)")
        found = one(BYPASS, some, api(POOL, IAM))

        assert found.severity.value == "warning"
        assert "each Note that he asks for" in found.message
        optional = one(BYPASS, schema(query=groups("A"), arguments='(id: ID, owner: ID! = "me")'), api(POOL, IAM))
        assert optional.severity.value == "error"

    def test_subscriptions_to_one_type_are_one_finding(self) -> None:
        text = schema(query=groups("A")).replace(
            "type Subscription {", 'type Subscription { onAgain: Note @aws_subscribe(mutations: ["put"]) '
        )
        assert "Subscription.onAgain and Subscription.onPut" in one(BYPASS, text, api(POOL, IAM)).message

    def test_a_union_is_told_of_once(self) -> None:
        text = (
            f"type Query {{ any: Any {groups('A')} }}\ntype Mutation {{ put: Any }}\nunion Any = X | Y\n"
            'type Subscription { onPut: Any @aws_subscribe(mutations: ["put"]) }\n'
            "type X { id: ID }\ntype Y { id: ID }"
        )
        one(BYPASS, text, api(POOL, IAM))

    @pytest.mark.parametrize(
        "text",
        [
            schema(),
            schema(query=groups("A"), subscription=groups("A")),
            # Groups of its own are a decision.
            schema(query=groups("A"), subscription=groups("B")),
            # IAM callers are a policy's matter, and a query for a back end alone is no restriction to groups.
            schema(query="@aws_cognito_user_pools", subscription=BOTH, payload=BOTH),
            schema(query="@aws_iam", payload=BOTH),
            # Another query is open.
            schema(query=groups("A")).replace("version: Int", "notes: [Note]"),
            # Nothing is delivered.
            schema(query=groups("A")).replace('mutations: ["put"]', 'mutations: ["other"]'),
            # Whom the query admits only deployment knows.
            schema(query=groups("${A}")).replace("onPut: Note", f"onPut: Note {groups('${A}')}"),
        ],
    )
    def test_silence(self, text: str) -> None:
        assert not ask(BYPASS, text, api(POOL, IAM))

    def test_no_query_for_the_type_is_nothing_to_compare_with(self) -> None:
        assert not ask(BYPASS, schema(query="@aws_iam", payload=BOTH), api(KEY, POOL, IAM))

    def test_open_settings_are_no_reason(self) -> None:
        assert not ask(BYPASS, schema(query=groups("A")), with_open_modes(POOL))


class TestRestrictedFields:
    def test_a_field_for_a_group(self) -> None:
        text = schema(mutation=groups("HR")).replace("owner: String", f"owner: String {groups('HR')} pay: Int")
        found = one(DELIVERS, text, api(POOL, IAM))

        assert found.coordinate == "Note.owner"
        assert found.message.startswith(
            "pool users outside HR get Note.owner from Subscription.onPut whenever Mutation.put selects it"
        )

    def test_a_field_closed_to_a_mode_that_the_type_admits(self) -> None:
        text = schema(mutation="@aws_iam", payload=BOTH).replace("owner: String", "owner: String @aws_iam")
        found = one(DELIVERS, text, api(POOL, IAM))

        assert found.message.startswith("signed-in Cognito users whom it refuses get Note.owner")

    def test_a_type_for_a_group_that_no_query_returns(self) -> None:
        text = schema(mutation=groups("HR"), payload=groups("HR")).replace("note(id: ID!): Note", "x: Int")
        found = one(DELIVERS, text, api(POOL, IAM))

        assert "get every field of Note from Subscription.onPut" in found.message

    @pytest.mark.parametrize(
        "text",
        [
            # The publisher may not have the field either, so it is null.
            schema(mutation="@aws_iam", payload=BOTH).replace("owner: String", f"owner: String {groups('HR')}"),
            # The subscription is restricted alike.
            schema(mutation=groups("HR"), subscription=groups("HR")).replace(
                "owner: String", f"owner: String {groups('HR')}"
            ),
            # A payload that does not name the subscriber's mode at all: nothing is lost, and nothing was promised.
            schema(query="@aws_iam", mutation="@aws_iam", payload="@aws_iam"),
            schema(),
        ],
    )
    def test_silence(self, text: str) -> None:
        assert not ask(DELIVERS, text, api(POOL, IAM))

    def test_a_user_pool_alone_reads_no_directive_there(self) -> None:
        text = schema().replace("owner: String", 'owner: String @aws_auth(cognito_groups: ["HR"])')
        assert not ask(DELIVERS, text, api(POOL))


class TestWiderThanTheMutation:
    def test_users_publish_and_the_key_listens(self) -> None:
        text = schema(mutation="@aws_cognito_user_pools", query="@aws_iam", payload=f"@aws_api_key {BOTH}")
        found = one(WIDER, text, api(KEY, POOL, IAM))

        assert found.severity.value == "warning"
        assert found.help.startswith("write @aws_cognito_user_pools on the subscription")

    def test_a_back_end_that_publishes_is_information(self) -> None:
        text = schema(mutation="@aws_iam", query="@aws_iam", payload="@aws_api_key @aws_iam")
        assert one(WIDER, text, api(KEY, IAM)).severity.value == "info"

    @pytest.mark.parametrize(
        "text",
        [
            schema(mutation="@aws_iam", subscription="@aws_api_key", query="@aws_iam", payload="@aws_api_key @aws_iam"),
            schema(mutation="@aws_iam", arguments="(id: ID!)", query="@aws_iam", payload="@aws_api_key @aws_iam"),
            # The key may query it as well.
            schema(mutation="@aws_iam", payload="@aws_api_key @aws_iam"),
            schema(mutation="@aws_iam @aws_api_key", query="@aws_iam", payload="@aws_api_key @aws_iam"),
        ],
    )
    def test_silence(self, text: str) -> None:
        assert not ask(WIDER, text, api(KEY, IAM))

    def test_the_bypassed_query_says_more(self) -> None:
        text = schema(mutation="@aws_oidc", query="@aws_oidc", payload="@aws_api_key @aws_oidc")
        assert [item.rule for item in everything(text, api(KEY, OIDC)) if "subscription" in item.rule] == [BYPASS]


class TestPublishers:
    TEXT = schema(mutation="@aws_iam", query="@aws_cognito_user_pools")

    def test_it_speaks_in_place_of_the_rule_about_return_types(self) -> None:
        found = everything(self.TEXT, api(POOL, IAM))

        assert [item.rule for item in found] == [PUBLISHER]
        assert found[0].message == (
            "IAM callers who call Mutation.put are refused every field of Note, so AppSync delivers nothing of it to "
            "Subscription.onPut"
        )
        assert found[0].help.startswith("write type Note @aws_cognito_user_pools @aws_iam")

    def test_a_type_that_names_its_modes_is_an_error_if_nobody_can_publish(self) -> None:
        alone = schema(mutation="@aws_iam", payload="@aws_cognito_user_pools")
        beside = schema(mutation=BOTH, payload="@aws_cognito_user_pools")

        assert one(PUBLISHER, alone, api(POOL, IAM)).severity.value == "error"
        assert one(PUBLISHER, beside, api(POOL, IAM)).severity.value == "warning"

    def test_a_type_that_is_not_delivered_is_left_to_the_other_rule(self) -> None:
        text = self.TEXT.replace('@aws_subscribe(mutations: ["put"])', '@aws_subscribe(mutations: ["other"])')

        assert not ask(PUBLISHER, text, api(POOL, IAM))
        assert ask("return-type-unreachable", text, api(POOL, IAM))

    def test_a_payload_that_refuses_the_subscriber_is_no_mistake(self) -> None:
        """The publisher's rights decide what arrives, and he has them."""
        text = schema(mutation="@aws_iam", query="@aws_iam", payload="@aws_iam")
        told = {item.rule for item in everything(text, api(POOL, IAM))}
        assert told.isdisjoint({PUBLISHER, BYPASS, DELIVERS, "return-type-unreachable", "field-unreachable"})


def feeding(directive: str, *, field: str = "onPut: Note", put: str = "Note") -> str:
    return (
        f"type Query {{ note: Note }}\ntype Mutation {{ put: {put}  putMany: [Note!]! }}\n"
        f"type Subscription {{ {field} {directive} }}\ntype Note {{ id: ID!  room: ID }}"
    )


class TestWhatFeeds:
    @pytest.mark.parametrize(
        ("directive", "said"),
        [
            ('@aws_subscribe(mutations: "put")', "AppSync refuses the schema"),
            ("@aws_subscribe", "no argument mutations"),
            ('@aws_subscribe(mutation: ["put"])', "no argument mutations"),
            ("@aws_subscribe(mutations: [])", "list of mutations is empty"),
            ("@aws_subscribe(mutations: null)", "list of mutations is empty"),
            ("@aws_subscribe(mutations: [put])", "no text"),
        ],
    )
    def test_malformed_mutations(self, directive: str, said: str) -> None:
        found = everything(feeding(directive))

        assert [item.rule for item in found] == ["subscribe-mutations-malformed"]
        assert said in found[0].message
        assert "@aws_subscribe(mutations: [" in found[0].help

    @pytest.mark.parametrize(
        ("name", "meant"), [("putt", "put"), ("Mutation.put", "put"), ("PutMany", "putMany"), ("zzz", None)]
    )
    def test_an_unknown_mutation(self, name: str, meant: str | None) -> None:
        found = one("subscribe-unknown-mutation", feeding(f'@aws_subscribe(mutations: ["{name}"])'))

        assert found.help == (f'write "{meant}"' if meant else "name a mutation of the schema, or remove the name")

    def test_known_mutations_count_wherever_they_are_declared(self) -> None:
        text = feeding('@aws_subscribe(mutations: ["later"])') + "\nextend type Mutation { later: Note }"
        assert not ask("subscribe-unknown-mutation", text, folding(api(KEY)))

    def test_a_schema_without_mutations_is_one_finding(self) -> None:
        text = (
            "type Query { a: Int }\ntype Subscription {\n"
            '  a: Int @aws_subscribe(mutations: ["x"])\n  b: Int @aws_subscribe(mutations: ["y"])\n}'
        )
        found = everything(text)
        assert [item.rule for item in found] == ["subscribe-unknown-mutation"]
        assert "Subscription.a and Subscription.b" in found[0].message

    def test_a_name_full_of_blanks_does_not_break_the_message(self) -> None:
        found = one("subscribe-unknown-mutation", feeding('@aws_subscribe(mutations: ["""a\n\n   b"""])'))
        assert "\n" not in found.message

    @pytest.mark.parametrize(
        ("field", "mutation", "severity"),
        [
            ("onPut: Note", "Note!", None),
            ("onPut: [Note]", "[Note!]!", None),
            ("onPut: Note", "ID", "error"),
            ("onPut: ID", "Note", "error"),
            ("onPut: [Note]", "Note", "warning"),
        ],
    )
    def test_output_types(self, field: str, mutation: str, severity: str | None) -> None:
        text = feeding('@aws_subscribe(mutations: ["put"])', field=field, put=mutation)
        assert [item.severity.value for item in ask("subscription-output-mismatch", text)] == (
            [severity] if severity else []
        )

    def test_a_union_of_the_mutations_types_is_not_certain_to_be_refused(self) -> None:
        text = feeding('@aws_subscribe(mutations: ["put"])', field="onPut: Any") + "\nunion Any = Note"
        assert one("subscription-output-mismatch", text).severity.value == "warning"

    def test_a_subscription_without_the_directive_is_never_fed(self) -> None:
        found = one("subscription-never-fed", feeding(""))
        assert found.help == 'write @aws_subscribe(mutations: ["put"]) behind the field'

    @pytest.mark.parametrize(
        "text",
        [
            feeding('@aws_subscribes(mutations: ["put"])'),
            feeding("").replace("put: Note", 'put: Note @aws_publish(subscriptions: ["onPut"])'),
            feeding("@aws_subscribe"),
            "type Query { a: Int }",
        ],
    )
    def test_what_is_fed_or_told_of_otherwise(self, text: str) -> None:
        assert not ask("subscription-never-fed", text)

    def test_the_directive_on_a_type_that_is_no_root(self) -> None:
        text = "schema { query: Query mutation: Mutation }\n" + feeding('@aws_subscribe(mutations: ["put"])')
        found = one("misplaced-subscribe", text)

        assert found.help == "write subscription: Subscription in the schema block"
        renamed = "schema { query: Query mutation: Mutation subscription: Live }\n"
        assert not ask(
            "misplaced-subscribe",
            renamed + feeding('@aws_subscribe(mutations: ["put"])').replace("type Subscription", "type Live"),
        )

    def test_the_directive_on_the_subscription_type_itself(self) -> None:
        text = feeding("").replace("type Subscription {", 'type Subscription @aws_subscribe(mutations: ["put"]) {')
        assert one("misplaced-subscribe", text).coordinate == "Subscription"


class TestArguments:
    RULE = "subscription-argument-never-matches"

    def test_what_is_no_field_never_matches(self) -> None:
        found = one(self.RULE, feeding('@aws_subscribe(mutations: ["put"])', field="onPut(rooms: ID, id: ID): Note"))

        assert "a client that gives it gets no event" in found.message
        assert found.help.startswith("call it room if that field is meant")

    def test_a_required_one_means_no_events_at_all(self) -> None:
        found = one(self.RULE, feeding('@aws_subscribe(mutations: ["put"])', field="onPut(rooms: ID!): Note"))
        assert "nobody who subscribes gets an event" in found.message

    @pytest.mark.parametrize(
        "field",
        [
            "onPut(room: ID!, id: ID): Note",
            "onPut(filter: String): Note",
            "onPut(only: Wanted): Note",
            "onPut(only: [Wanted!]!): Note",
            "onPut(x: ID): [Note]",
            "onPut(x: ID): Either",
            "onPut(x: ID): Elsewhere",
            # The output is wrong; which type the argument belongs to is not known before that is mended.
            "onPut(x: ID): ID",
        ],
    )
    def test_silence(self, field: str) -> None:
        text = feeding('@aws_subscribe(mutations: ["put"])', field=field) + "\ninput Wanted { a: Int }"
        assert not ask(self.RULE, text + "\nunion Either = Note")

    def test_fields_of_an_interface_count(self) -> None:
        text = (
            "type Query { a: Int }\ntype Mutation { put: Any }\ninterface Any { room: ID }\n"
            "type Note implements Any { room: ID }\n"
            'type Subscription { onPut(room: ID): Any @aws_subscribe(mutations: ["put"]) }'
        )
        assert not ask(self.RULE, text)


def test_names_may_have_fifty_characters() -> None:
    for length, number in ((50, 0), (51, 1)):
        text = feeding('@aws_subscribe(mutations: ["put"])', field=f"{'o' * length}: Note")
        assert len(ask("subscription-name-too-long", text)) == number
        assert not ask("subscription-name-too-long", f"type Query {{ {'q' * length}: Int }}")


class TestPedantic:
    def told(self, rule: str, text: str, *modes: str) -> list[str]:
        settings = Settings(select=frozenset([rule]))
        known = api(*modes) if modes else None
        return [item.message for item in run(parse_schema(text), known, settings, rules=RULES).findings]

    @pytest.mark.parametrize("rule", ["unfiltered-subscription", "payload-non-null-field", "orphan-type"])
    def test_it_is_off_by_default(self, rule: str) -> None:
        assert RULES[rule].pedantic
        text = schema(payload="") + "\ntype Lost { a: Int! }"
        assert not ask(rule, text.replace("owner: String", "owner: String!"), api(POOL))

    def test_an_owner_that_need_not_be_given(self) -> None:
        rule = "unfiltered-subscription"
        assert self.told(rule, schema(), POOL)
        assert self.told(rule, schema(arguments="(owner: String)"), POOL)
        assert not self.told(rule, schema(arguments="(owner: String!)"), POOL)
        assert not self.told(rule, schema().replace("owner", "colour"), POOL)
        amplify = "(filter: ModelSubscriptionNoteFilterInput, owner: String)"
        assert not self.told(rule, schema(arguments=amplify), POOL)
        assert not self.told(rule, schema(subscription=groups("A")), POOL, IAM)
        assert not self.told(rule, schema(subscription="@aws_iam", payload=BOTH), POOL, IAM)

    def test_non_null_fields_of_a_payload(self) -> None:
        rule = "payload-non-null-field"
        assert not self.told(rule, schema().replace("id: ID ", "id: ID! "))
        [message] = self.told(rule, schema().replace("owner: String", "owner: String!"))
        assert "lose a whole Note if they ask for owner" in message

    def test_types_that_no_operation_leads_to(self) -> None:
        text = (
            "type Query { a: Any }\ninterface Any { x: Int }\ntype Used implements Any { x: Int }\n"
            "type Lost { x: Int more: Behind }\ntype Behind { x: Int }\ntype Later { x: Int }\n"
            "extend type Query { later: Later }"
        )
        told = self.told("orphan-type", text)
        assert [message.partition(":")[0] for message in told] == [
            "nobody can ask for Lost",
            "nobody can ask for Behind",
        ]
        assert not self.told("orphan-type", "type Lonely { x: Int }")
        assert not self.told("orphan-type", "type Query { a: Int b Lost }\ntype Lost { x: Int }")
