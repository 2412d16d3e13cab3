/** What `npm run demo` runs without a prompt of its own: its fenced blocks are the plan, so it needs no model. */
export const demoPrompt = `Simulate a week of ships in a harbour, count them in the shell, and draw a chart.

\`\`\`python
import csv, random

random.seed(7)
days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
with open("ships.csv", "w", newline="") as file:
    rows = csv.writer(file)
    rows.writerow(["day", "ship", "hours"])
    for day in days:
        for number in range(random.randint(3, 9)):
            rows.writerow([day, f"ship-{number + 1}", random.randint(2, 30)])
print("wrote ships.csv")
\`\`\`

\`\`\`sh
set -eu
tail -n +2 ships.csv | cut -d, -f1 | sort | uniq -c | sort -rn | tee busiest-days.txt
echo "$(($(wc -l < ships.csv) - 1)) ships in all"
\`\`\`

\`\`\`python
import pandas
import matplotlib.pyplot as plot

ships = pandas.read_csv("ships.csv")
hours = ships.groupby("day", sort=False)["hours"].sum()
hours.plot.bar(color="#2a6f97", title="Hours at the berth")
plot.ylabel("hours")
plot.tight_layout()
plot.savefig("hours.png", dpi=120)
print(hours.to_string())
\`\`\`
`;
