autocmd BufRead,BufNewFile *.job setfiletype pseq
