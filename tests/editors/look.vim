" what colours a job file has: $FILES are looked at, the answers are in
" look.out: a line for each place that is wrong, and one for each of $ASK
set nocompatible viminfo= noswapfile
let &runtimepath = $SHARE . '/vim,' . &runtimepath
filetype on
syntax on

func Group(line, col)
  return synIDattr(synID(a:line, a:col, 1), 'name')
endfunc

" the group that a place in the file must have
func Wanted(text, col)
  if a:col > 1
    return '^\%(pseq.*\%(Key\|Action\|Name\|Section\)\)\@!'
  endif
  return a:text =~ '^[#;]' ? '^\%(pseq\|sh\)Comment$' :
      \ a:text =~ '^\[' ? '^pseqSection$' : '^pseq.*\%(Key\|Action\|Name\)$'
endfunc

func Look(file)
  exe 'edit' fnameescape(a:file)
  let bad = &filetype == 'pseq' ? [] : [a:file . ': is no job file']
  for n in range(1, line('$'))
    let col = match(getline(n), '\S') + 1
    if col > 0 && Group(n, col) !~ Wanted(getline(n), col)
      call add(bad, printf('%s:%d: %s: %s', a:file, n, Group(n, col),
          \ getline(n)))
    endif
  endfor
  return bad
endfunc

" TEXT in the first line that has it: the group of its last character
func Ask(text)
  let n = search('\V' . a:text, 'cw')
  let col = n ? match(getline(n), '\V' . a:text) + strlen(a:text) : 0
  return a:text . ' ' . Group(n, col)
endfunc

let out = []
for file in split($FILES, "\n")
  let out += Look(file)
endfor
for text in split($ASK, "\n")
  call cursor(1, 1)
  call add(out, Ask(text))
endfor
let out += filter(split(execute('messages'), "\n"), 'v:val =~ "E[0-9]"')
call writefile(out, 'look.out')
qall!
