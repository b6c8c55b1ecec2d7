"""The rules about restrictions that something else opens again: what they say, and where they must stay silent."""

from __future__ import annotations

import pytest

from .asking import IAM, KEY, OIDC, POOL, api, ask, everything, one, with_open_modes

OPENS = "field-opens-type"
BESIDE = "groups-beside-api-key"
BYPASSED = "group-restriction-bypassed"
HIDDEN = "hidden-field-still-served"
HR = '@aws_cognito_user_pools(cognito_groups: ["HR"])'
FINANCE = '@aws_cognito_user_pools(cognito_groups: ["Finance"])'


class TestFieldsThatOpenTheirType:
    def payroll(self, on_field: str, on_type: str = HR) -> str:
        return f"type Query {{ payroll: Payroll {HR} }}\ntype Payroll {on_type} {{ month: Int  total: Int {on_field} }}"

    def test_a_mode_added_and_the_groups_forgotten(self) -> None:
        found = one(OPENS, self.payroll("@aws_iam @aws_cognito_user_pools"), api(POOL, IAM))

        assert found.severity.value == "error"
        assert found.message == (
            "every signed-in Cognito user may read Payroll.total, although type Payroll is for HR: a field's "
            "directives replace its type's"
        )
        assert found.help == f"write @aws_iam {HR}"
        assert not ask(OPENS, self.payroll(found.help.removeprefix("write ")), api(POOL, IAM))

    def test_without_a_further_mode_it_can_be_meant(self) -> None:
        found = one(OPENS, self.payroll("@aws_cognito_user_pools"), api(POOL, IAM))
        assert found.severity.value == "warning"

    def test_a_root_type_with_an_exception_can_be_meant(self) -> None:
        text = f"type Query {{ a: Int }}\ntype Mutation {HR} {{ x: Int  y: Int @aws_iam @aws_cognito_user_pools }}"
        assert one(OPENS, text, api(POOL, IAM)).severity.value == "warning"

    def test_the_api_key_in_place_of_the_groups(self) -> None:
        found = one(OPENS, self.payroll("@aws_api_key"), api(POOL, KEY))

        assert found.message.startswith("anybody who has the API key may read Payroll.total")
        assert found.help == f"write {HR}"

    def test_fields_that_open_alike_are_one_finding(self) -> None:
        text = self.payroll("@aws_cognito_user_pools  bonus: Int @aws_cognito_user_pools")
        assert "Payroll.total and Payroll.bonus" in one(OPENS, text, api(POOL, IAM)).message

    @pytest.mark.parametrize(
        ("on_field", "on_type"),
        [
            ("", HR),
            (HR, HR),
            ("@aws_iam " + HR, HR),
            ("@aws_iam", HR),
            (FINANCE, HR),
            ('@aws_cognito_user_pools(cognito_groups: ["HR", "Finance"])', HR),
            ("@aws_iam @aws_cognito_user_pools", "@aws_cognito_user_pools"),
            ("@aws_iam @aws_cognito_user_pools", ""),
            ("@aws_cognito_user_pools", "@aws_cognito_user_pools " + HR),
            ("@aws_cognito_user_pools", "@aws_cognito_user_pools(cognito_groups: [])"),
            ("@aws_cognito_user_pools", '@aws_cognito_user_pools(cognito_groups: ["HR", "${OTHER}"])'),
        ],
    )
    def test_silence(self, on_field: str, on_type: str) -> None:
        assert not ask(OPENS, self.payroll(on_field, on_type), api(POOL, IAM))

    def test_what_counts_on_several_modes_only(self) -> None:
        text = self.payroll("@aws_iam @aws_cognito_user_pools")
        assert not ask(OPENS, text, api(POOL))
        assert not ask(OPENS, text, with_open_modes(POOL))

    def test_another_mistake_on_the_field_speaks(self) -> None:
        text = self.payroll('@aws_cognito_user_pools(groups: ["HR"])')
        told = {item.rule for item in everything(text, api(POOL, IAM))}
        assert "unknown-auth-argument" in told
        assert OPENS not in told


class TestGroupsBesideTheKey:
    def test_fields_of_a_type_share_a_finding(self) -> None:
        text = f"type Query {{ a: Int @aws_api_key {HR}  b: Int {HR} @aws_api_key  c: Int {FINANCE} @aws_api_key }}"
        found = ask(BESIDE, text, api(POOL, KEY))

        assert [item.message.partition(" without")[0] for item in found] == [
            "anybody who has the API key gets Query.a and Query.b",
            "anybody who has the API key gets Query.c",
        ]
        assert found[0].help == f"remove @aws_api_key: {HR} stays"

    def test_on_a_mutation_it_says_more_than_the_rule_about_the_key(self) -> None:
        for text in (
            f"type Query {{ a: Int }}\ntype Mutation {{ x: Int @aws_api_key {HR} }}",
            f"type Query {{ a: Int }}\ntype Mutation @aws_api_key {HR} {{ x: Int }}",
        ):
            assert [item.rule for item in everything(text, api(POOL, KEY))] == [BESIDE]

    @pytest.mark.parametrize(
        "directives",
        [
            "@aws_api_key @aws_cognito_user_pools",
            f"@aws_iam {HR}",
            '@aws_api_key @aws_auth(cognito_groups: ["HR"])',
            f"@aws_api_key {HR} @aws_cognito_user_pools",
            "@aws_api_key @aws_cognito_user_pools(cognito_groups: [])",
        ],
    )
    def test_silence(self, directives: str) -> None:
        assert not ask(BESIDE, f"type Query {{ a: Int {directives} }}", api(POOL, KEY, IAM))

    def test_a_key_that_is_not_configured_opens_nothing(self) -> None:
        assert not ask(BESIDE, f"type Query {{ a: Int @aws_api_key {HR} }}", api(POOL, IAM))

    def test_a_type_all_of_whose_fields_decide_for_themselves(self) -> None:
        text = f"type Query {{ t: T {HR} }}\ntype T @aws_api_key {HR} {{ a: Int {HR} }}"
        assert not ask(BESIDE, text, api(POOL, KEY))
        assert ask(BESIDE, text.replace("a: Int", "b: Int a: Int"), api(POOL, KEY))


class TestOtherWays:
    def text(self, *, invoice: str = "", way: str = "", queries: str = "", orders: str = "") -> str:
        return (
            f"type Query {{ invoice(id: ID!): Invoice {FINANCE}  orders: [Order] {orders} {queries} }}\n"
            f"type Order {{ id: ID  invoice: Invoice {way} }}\ntype Invoice {invoice} {{ total: Int  lines: [Line] }}\n"
            "type Line { text: String }"
        )

    def test_the_way_is_told(self) -> None:
        found = one(BYPASSED, self.text(), api(POOL, IAM))

        assert found.message == (
            "every signed-in Cognito user gets to Invoice through Query.orders and Order.invoice, while the queries "
            "for it are for Finance: Query.invoice"
        )
        assert found.help.startswith(f"write type Invoice {FINANCE}")
        assert [item.span.text for item in found.flow] == ["orders", "invoice"]

    def test_what_lies_behind_is_the_same_mistake(self) -> None:
        assert one(BYPASSED, self.text(queries=f"line: Line {FINANCE}"), api(POOL, IAM)).subject == "Invoice"

    def test_pages_are_queries_for_what_they_hold(self) -> None:
        text = self.text(queries="invoices: InvoicePage") + "\ntype InvoicePage { items: [Invoice] nextToken: String }"
        assert not ask(BYPASSED, text, api(POOL, IAM))
        closed = text.replace("invoices: InvoicePage", f"invoices: InvoicePage {FINANCE}")
        assert "Query.invoice and Query.invoices" in one(BYPASSED, closed, api(POOL, IAM)).message

    def test_a_user_pool_alone(self) -> None:
        text = self.text().replace("@aws_cognito_user_pools", "@aws_auth")
        assert one(BYPASSED, text, api(POOL)).help.startswith("restrict the query that leads here too")

    def test_silence(self) -> None:
        for text in (
            self.text(invoice=FINANCE),
            self.text(queries="myInvoices: [Invoice]"),
            self.text(way="@aws_cognito_user_pools"),
            self.text(way=HR),
            self.text(orders=HR),
            self.text().replace(FINANCE, "@aws_iam"),
        ):
            assert not ask(BYPASSED, text, api(POOL, IAM))
        assert not ask(BYPASSED, self.text(), api(OIDC, IAM))


class TestHidden:
    def test_who_has_it_all_the_same_is_told(self) -> None:
        found = one(HIDDEN, "type Query { a: Int @hidden }", api(KEY, POOL))
        assert found.message.endswith("still serves it to callers with the API key")

    def test_a_hidden_type(self) -> None:
        text = "type Query { t: T }\ntype T @hidden { a: Int }"
        assert one(HIDDEN, text, api(KEY)).coordinate == "T"

    @pytest.mark.parametrize(
        "text",
        [
            "type Query { a: Int @hidden @aws_iam }",
            "type Query { t: T }\ntype T @hidden @aws_cognito_user_pools { a: Int }",
            f"type Query {{ t: T }}\ntype T {HR} {{ a: Int @hidden }}",
            "type Query { a: Int }\ninput I @hidden { a: Int }",
            "type Query { a: I }\ninterface I { a: Int @hidden }",
        ],
    )
    def test_silence(self, text: str) -> None:
        assert not ask(HIDDEN, text, api(POOL, IAM))
