// Of a part's numbers only those that its kind uses are shown; without script all of them are.
const USES = {
  base_amount: ["kronor"],
  per_member: ["kronor", "age_from", "age_to", "only_at_home", "minimum"],
  percent_of_cost: ["percent", "quantity", "only_above", "cap"],
  requested_up_to: ["cap"],
  at_most: ["kronor"],
  at_most_share: ["percent", "quantity"],
  late_reduction: [],
  rounding: ["unit"],
  minimum_payout: ["kronor"],
};
const ALWAYS = ["kind", "ORDER", "DELETE"];

for (const row of document.querySelectorAll(".formset-row")) {
  const kind = row.querySelector("select[name^='p-'][name$='-kind']");
  if (!kind) continue;
  const show = () => {
    for (const input of row.querySelectorAll("[name^='p-']")) {
      const name = input.name.replace(/^p-\d+-/, "");
      const field = input.closest(".field");
      if (field) field.hidden = !ALWAYS.includes(name) && !USES[kind.value].includes(name);
    }
  };
  kind.addEventListener("change", show);
  show();
}
