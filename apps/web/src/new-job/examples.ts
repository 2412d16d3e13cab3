/** Jobs to begin with. Their fenced blocks are run as they are, so that none of them needs a model. */
export const examples = [
  {
    name: "Draw a chart",
    prompt: `Simulate a week of ships in a harbour, and draw a chart of their hours at the berth.

\`\`\`python
import csv, random

random.seed(7)
with open("ships.csv", "w", newline="") as file:
    rows = csv.writer(file)
    rows.writerow(["day", "ship", "hours"])
    for day in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]:
        for number in range(random.randint(3, 9)):
            rows.writerow([day, f"ship-{number + 1}", random.randint(2, 30)])
print("wrote ships.csv")
\`\`\`

\`\`\`python
import pandas
import matplotlib.pyplot as plot

ships = pandas.read_csv("ships.csv")
hours = ships.groupby("day", sort=False)["hours"].sum()
hours.plot.bar(color="#2a6f97", title="Hours at the berth")
plot.tight_layout()
plot.savefig("hours.png", dpi=120)
print(hours.to_string())
\`\`\`
`,
  },
  {
    name: "Count lines in the shell",
    prompt: `Write three files, and count their lines.

\`\`\`sh
set -eu
for name in north east south; do seq 5 "$((RANDOM % 50 + 10))" > "$name.txt"; done
wc -l ./*.txt | tee counts.txt
\`\`\`
`,
  },
  {
    name: "Watch it work",
    prompt: `Load twenty crates, slowly and in colour.

\`\`\`sh
for crate in $(seq 20); do
  printf '\\033[3%dmcrate %d\\033[0m of 20\\n' "$((crate % 6 + 1))" "$crate"
  sleep 0.5
done
\`\`\`
`,
  },
  {
    name: "Fail, and see why",
    prompt: `The second step fails, and the third is never run.

\`\`\`sh
echo "the first is fine"
\`\`\`

\`\`\`python
print("looking for the lighthouse")
open("lighthouse.txt")
\`\`\`

\`\`\`sh
echo "nobody reads this"
\`\`\`
`,
  },
] as const;
