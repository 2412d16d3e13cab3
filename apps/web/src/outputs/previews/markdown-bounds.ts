/** Longer Markdown would hold the page up for seconds. */
const mostCharacters = 100_000;
/** Of quotes and lists in each other. */
const mostLevels = 50;
/** Of brackets and emphasis that are open at once: a browser has room for hundreds, and not for thousands. */
const mostOpen = 300;
/** Of a table each row has all its columns, also those that the text leaves out. */
const mostCells = 50_000;

/**
 * Whether Markdown is set: what is long, nested deep or a table of countless cells is made to be large, and could take the tab
 * with it. It is judged by its text, and rather too strictly, as setting it is what is to be avoided.
 */
export function canBeSet(text: string): boolean {
  if (text.length > mostCharacters) return false;
  const lines = text.split("\n");
  const columns = lines.reduce((most, line) => Math.max(most, line.split("|").length), 1);
  if (columns > 1 && columns * lines.length > mostCells) return false;
  let open = 0;
  for (const line of lines) {
    if (levelsBefore(line) > mostLevels) return false;
    // What is open ends with its paragraph, and so where an item of a list or a block of code begins.
    if (line.trim() === "" || /^ {0,3}(?:[-+*] \S|`{3}[^`]*$)/.test(line)) open = 0;
    for (let at = 0; at < line.length; at += 1) {
      open = Math.max(0, open + opens(line, at));
      if (open > mostOpen) return false;
    }
  }
  return true;
}

/** Levels of quotes and lists that a line may begin with, or go on in: one for each mark, and for each two blanks. */
function levelsBefore(line: string): number {
  let [levels, blanks, at] = [0, 0, 0];
  for (; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (character === " ") blanks += 1;
    else if (character === "\t") blanks += 4;
    else if (character === ">") levels += 1;
    else {
      while (isDigit(line.charAt(at))) at += 1;
      if (!"-+*.)".includes(line.charAt(at)) || !isBlank(line.charAt(at + 1))) break;
      levels += 1;
    }
  }
  return levels + blanks / 2;
}

/** 1 for what opens a link or emphasis, -1 for what can only close one, else 0. */
function opens(line: string, at: number): number {
  const mark = line.charAt(at);
  if (mark === "[") return 1;
  if (mark === "]") return -1;
  if (!"*_~".includes(mark) || line.charAt(at - 1) === mark) return 0;
  let end = at;
  while (line.charAt(end) === mark) end += 1;
  const [before, after] = [isBeside(line.charAt(at - 1)), isBeside(line.charAt(end))];
  if (before === after) return 0;
  return before ? 1 : -1;
}

/** What is no part of a word. */
function isBeside(character: string): boolean {
  return character === "" || /[\s\p{P}\p{S}]/u.test(character);
}

function isBlank(character: string): boolean {
  return character === "" || character === " " || character === "\t";
}

function isDigit(character: string): boolean {
  return character >= "0" && character <= "9";
}
