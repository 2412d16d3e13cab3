/** What a shell runs to complete `longshore`: it asks the program itself, which answers a candidate a line. */
export const shellScripts = {
  bash: String.raw`# longshore completion: eval "$(longshore completion bash)"
_longshore() {
  local line reply
  COMPREPLY=()
  reply=$(longshore __complete -- "${"${COMP_WORDS[@]:1:COMP_CWORD}"}" 2>/dev/null) || return
  if [[ $reply == ":files" ]]; then compopt -o default; return; fi
  while IFS= read -r line; do
    [[ -n $line ]] && COMPREPLY+=("${"${line%%$'\\t'*}"}")
  done <<< "$reply"
}
complete -F _longshore longshore
`,
  zsh: String.raw`#compdef longshore
# longshore completion: source <(longshore completion zsh), behind compinit
_longshore() {
  local reply
  local -a candidates
  reply=$(longshore __complete -- "${"${(@)words[2,CURRENT]}"}" 2>/dev/null) || return
  if [[ $reply == ":files" ]]; then _files; return; fi
  candidates=("${"${(@f)reply}"}")
  candidates=("${"${(@)candidates//$'\\t'/:}"}")
  _describe longshore candidates
}
compdef _longshore longshore
`,
  fish: String.raw`# longshore completion: longshore completion fish | source
function __longshore_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l reply (longshore __complete -- $words[2..-1] 2>/dev/null)
  if test "$reply" = ":files"
    __fish_complete_path (commandline -ct)
  else
    printf '%s\n' $reply
  end
end
complete -c longshore -f -a '(__longshore_complete)'
`,
} as const;

export type Shell = keyof typeof shellScripts;
