" Vim syntax file
" Language: job file of pseq, see pseq(5)
" Made by 'pseq complete vim'.
if exists('b:current_syntax')
  finish
endif
let b:is_posix = 1
syn include @pseqShell syntax/sh.vim
unlet! b:current_syntax
syn sync fromstart
syn case match
syn match pseqNamesName /^[A-Za-z_][A-Za-z0-9_-]*\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqOutputArg,pseqTextArg,pseqTextValue
hi def link pseqNamesName pseqName
syn region pseqInNames matchgroup=pseqSection start=/^\[\%(vars\|secrets\)\s*\]/ end=/^\[/me=s-1 keepend contains=pseqComment,pseqNames.*
syn match pseqLimitsName /^[A-Za-z_][A-Za-z0-9_-]*\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqOutputArg,pseqWordsArg,pseqWordsValue
hi def link pseqLimitsName pseqName
syn region pseqInLimits matchgroup=pseqSection start=/^\[\%(limits\)\s*\]/ end=/^\[/me=s-1 keepend contains=pseqComment,pseqLimits.*
syn match pseqJobCommandKey /^\%(report\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqCommandArg,pseqCommandValue
hi def link pseqJobCommandKey pseqKey
syn match pseqJobTextKey /^\%(name\|description\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqTextArg,pseqTextValue
hi def link pseqJobTextKey pseqKey
syn match pseqJobChoiceKey /^\%(allow-empty\|log\|overlap\|parallel\|on-fail\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqChoiceArg,pseqChoiceValue
hi def link pseqJobChoiceKey pseqKey
syn match pseqJobWordsKey /^\%(include\|children\|depth\|keep\|lock\|max-fail\|timeout\|dir\|shell\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqOutputArg,pseqWordsArg,pseqWordsValue
hi def link pseqJobWordsKey pseqKey
syn region pseqInJob matchgroup=pseqSection start=/^\[\%(job\)\s*\]/ end=/^\[/me=s-1 keepend contains=pseqComment,pseqJob.*
syn match pseqHostsTextKey /^\%(var\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqTextArg,pseqTextValue
hi def link pseqHostsTextKey pseqKey
syn match pseqHostsChoiceKey /^\%(parallel\|via\|host-keys\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqChoiceArg,pseqChoiceValue
hi def link pseqHostsChoiceKey pseqKey
syn match pseqHostsWordsKey /^\%(user\|port\|identity\|option\|connect-timeout\|connect-retry\|hosts\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqOutputArg,pseqWordsArg,pseqWordsValue
hi def link pseqHostsWordsKey pseqKey
syn region pseqInHosts matchgroup=pseqSection start=/^\[\%(hosts\)\s[^]]*\s*\]/ end=/^\[/me=s-1 keepend contains=pseqComment,pseqHosts.*
syn match pseqMachineTextKey /^\%(var\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqTextArg,pseqTextValue
hi def link pseqMachineTextKey pseqKey
syn match pseqMachineChoiceKey /^\%(via\|host-keys\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqChoiceArg,pseqChoiceValue
hi def link pseqMachineChoiceKey pseqKey
syn match pseqMachineWordsKey /^\%(address\|user\|port\|identity\|option\|connect-timeout\|connect-retry\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqOutputArg,pseqWordsArg,pseqWordsValue
hi def link pseqMachineWordsKey pseqKey
syn region pseqInMachine matchgroup=pseqSection start=/^\[\%(host\)\s[^]]*\s*\]/ end=/^\[/me=s-1 keepend contains=pseqComment,pseqMachine.*
syn match pseqViaWordsKey /^\%(exec\|connect-fail\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqOutputArg,pseqWordsArg,pseqWordsValue
hi def link pseqViaWordsKey pseqKey
syn region pseqInVia matchgroup=pseqSection start=/^\[\%(via\)\s[^]]*\s*\]/ end=/^\[/me=s-1 keepend contains=pseqComment,pseqVia.*
syn match pseqChannelWordsKey /^\%(capacity\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqOutputArg,pseqWordsArg,pseqWordsValue
hi def link pseqChannelWordsKey pseqKey
syn region pseqInChannel matchgroup=pseqSection start=/^\[\%(channel\)\s[^]]*\s*\]/ end=/^\[/me=s-1 keepend contains=pseqComment,pseqChannel.*
syn match pseqSequenceCommandAction /^\%(run\|local\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqCommandArg,pseqCommandValue
hi def link pseqSequenceCommandAction pseqAction
syn match pseqSequenceTextKey /^\%(label\|var\|stdin\|env\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqTextArg,pseqTextValue
hi def link pseqSequenceTextKey pseqKey
syn match pseqSequenceTextAction /^\%(send\|set\|say\|finish\|fail\|drain\|stop\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqTextArg,pseqTextValue
hi def link pseqSequenceTextAction pseqAction
syn match pseqSequenceExpressionKey /^\%(priority\|when\|until\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqExpressionArg,pseqExpressionValue
hi def link pseqSequenceExpressionKey pseqKey
syn match pseqSequenceExpressionAction /^\%(let\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqExpressionArg,pseqExpressionValue
hi def link pseqSequenceExpressionAction pseqAction
syn match pseqSequenceReactionKey /^\%(on\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqReactionArg,pseqReactionValue
hi def link pseqSequenceReactionKey pseqKey
syn match pseqSequenceChoiceKey /^\%(parallel\|on-fail\|via\|host-keys\|retry\|capture\|stdout\|quiet\|tty\|count\|once\|rerun\|visits\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqChoiceArg,pseqChoiceValue
hi def link pseqSequenceChoiceKey pseqKey
syn match pseqSequenceChoiceAction /^\%(wait\|spawn\|join\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqChoiceArg,pseqChoiceValue
hi def link pseqSequenceChoiceAction pseqAction
syn match pseqSequenceWordsKey /^\%(max-fail\|user\|port\|identity\|option\|connect-timeout\|connect-retry\|hosts\|each\|serial\|repeat\|every\|after\|lane-timeout\|rescue\|always\|needs\|sends\|receives\|step\|ok\|timeout\|silent\|grace\|secret\|dir\|shell\|as\|host\|collect\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqOutputArg,pseqWordsArg,pseqWordsValue
hi def link pseqSequenceWordsKey pseqKey
syn match pseqSequenceWordsAction /^\%(script\|put\|get\|sleep\|call\|barrier\|receive\|receive-last\|receive-all\|close\|clear\|goto\|return\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqOutputArg,pseqWordsArg,pseqWordsValue
hi def link pseqSequenceWordsAction pseqAction
syn region pseqInSequence matchgroup=pseqSection start=/^\[\%(sequence\)\s[^]]*\s*\]/ end=/^\[/me=s-1 keepend contains=pseqComment,pseqSequence.*
syn match pseqRoutineCommandAction /^\%(run\|local\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqCommandArg,pseqCommandValue
hi def link pseqRoutineCommandAction pseqAction
syn match pseqRoutineTextKey /^\%(label\|var\|stdin\|env\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqTextArg,pseqTextValue
hi def link pseqRoutineTextKey pseqKey
syn match pseqRoutineTextAction /^\%(send\|set\|say\|finish\|fail\|drain\|stop\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqTextArg,pseqTextValue
hi def link pseqRoutineTextAction pseqAction
syn match pseqRoutineExpressionKey /^\%(when\|until\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqExpressionArg,pseqExpressionValue
hi def link pseqRoutineExpressionKey pseqKey
syn match pseqRoutineExpressionAction /^\%(let\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqExpressionArg,pseqExpressionValue
hi def link pseqRoutineExpressionAction pseqAction
syn match pseqRoutineReactionKey /^\%(on\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqReactionArg,pseqReactionValue
hi def link pseqRoutineReactionKey pseqKey
syn match pseqRoutineChoiceKey /^\%(parallel\|via\|host-keys\|retry\|capture\|stdout\|quiet\|tty\|count\|once\|rerun\|visits\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqChoiceArg,pseqChoiceValue
hi def link pseqRoutineChoiceKey pseqKey
syn match pseqRoutineChoiceAction /^\%(wait\|spawn\|join\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqChoiceArg,pseqChoiceValue
hi def link pseqRoutineChoiceAction pseqAction
syn match pseqRoutineWordsKey /^\%(max-fail\|user\|port\|identity\|option\|connect-timeout\|connect-retry\|hosts\|each\|lane-timeout\|rescue\|always\|needs\|sends\|receives\|params\|step\|ok\|timeout\|silent\|grace\|secret\|dir\|shell\|as\|host\|collect\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqOutputArg,pseqWordsArg,pseqWordsValue
hi def link pseqRoutineWordsKey pseqKey
syn match pseqRoutineWordsAction /^\%(script\|put\|get\|sleep\|call\|barrier\|receive\|receive-last\|receive-all\|close\|clear\|goto\|return\)\ze\%(\s[^=]*\)\?=/ contained skipwhite nextgroup=pseqOutputArg,pseqWordsArg,pseqWordsValue
hi def link pseqRoutineWordsAction pseqAction
syn region pseqInRoutine matchgroup=pseqSection start=/^\[\%(routine\)\s[^]]*\s*\]/ end=/^\[/me=s-1 keepend contains=pseqComment,pseqRoutine.*
syn match pseqSignal /\<[A-Z][A-Z0-9]\+\>/ contained
syn match pseqNumber /\%([0-9A-Za-z_${]\)\@1<!\d\+\%(\.\d\+\)\?%\?\%([0-9A-Za-z_]\)\@!/ contained
syn match pseqDuration /\%([0-9A-Za-z_${]\)\@1<!\%(\d\+\%(\.\d\+\)\?\%(ms\|[dhms]\)\)\+\%([0-9A-Za-z_]\)\@!/ contained
syn match pseqVariable /\${[A-Za-z_][^}]*}/ contained
syn region pseqString start=/"/ skip=/\\./ end=/"/ oneline contained contains=pseqVariable
syn region pseqString start=/'/ end=/'/ oneline contained
syn match pseqOperator /[-+*%<>\/]\|[=!<>]=\|[=!]\~/ contained
syn match pseqArrow /\s\zs->\ze\s/ contained skipwhite nextgroup=pseqDo
syn match pseqOperator /\%(^\|[^A-Za-z0-9_-]\)\@1<=\%(and\|or\|not\|defined\|exists\)\%([A-Za-z0-9_-]\)\@!/ contained
syn match pseqThen /\<then\s\+\%(next\|retry\|fail\|goto\)\>/ contained
syn match pseqSource /\<\%(lines\|output\|ansible\|range\|files\|var\|hosts\|file\|channel\|required\|env\|ask\|capture\|shared\)\ze\s*=/ contained
syn match pseqChoice /\%([A-Za-z0-9_${-]\)\@1<!\%(yes\|no\|lanes\|failed\|none\|skip\|wait\|replace\|allow\|auto\|continue\|drain\|stop\|ssh\|local\|strict\|accept-new\|tcp\|unix\|file\|gone\|until\|as\|all\|forever\|every\|backoff\|max\|jitter\|on\|stdout\|stderr\|both\|json\|pairs\)\%([A-Za-z0-9_=-]\)\@!/ contained
syn match pseqResult /\%([A-Za-z0-9_-]\)\@1<!\%(ok\|exit\|signal\|timeout\|silent\|unreachable\|auth\|hostkey\|lost\|start\|error\|closed\|skipped\|cancelled\|fail\|connection\|any\|line\|stdout-line\|stderr-line\)\%([A-Za-z0-9_-]\)\@!/ contained
syn match pseqFirst /\%(=\_s*\)\@<=\%(next\|goto\|retry\|call\|finish\|fail\|drain\|stop\|set\|say\|send\|spawn\|release\|kill\)\%([A-Za-z0-9_-]\)\@!/ contained
syn match pseqDo /\%(next\|goto\|retry\|call\|finish\|fail\|drain\|stop\|set\|say\|send\|spawn\|release\|kill\)\%([A-Za-z0-9_-]\)\@!/ contained
syn match pseqCommandArg /[^= 	][^=]*\ze=/ contained contains=pseqSource nextgroup=pseqCommandValue
syn region pseqCommandValue matchgroup=pseqEquals start=/=/ end=/^\%([#;].*\n\|\s*\n\)*\%([^ \t#;]\|\%$\)/me=s-1 contained keepend contains=@pseqShell,pseqComment
syn match pseqTextArg /[^= 	][^=]*\ze=/ contained contains=pseqSource nextgroup=pseqTextValue
syn region pseqTextValue matchgroup=pseqEquals start=/=/ end=/^\%([#;].*\n\|\s*\n\)*\%([^ \t#;]\|\%$\)/me=s-1 contained keepend contains=pseqVariable,pseqComment
syn match pseqExpressionArg /[^= 	][^=]*\ze=/ contained contains=pseqSource nextgroup=pseqExpressionValue
syn region pseqExpressionValue matchgroup=pseqEquals start=/=/ end=/^\%([#;].*\n\|\s*\n\)*\%([^ \t#;]\|\%$\)/me=s-1 contained keepend contains=pseqVariable,pseqString,pseqNumber,pseqOperator,pseqComment
syn match pseqReactionArg /[^= 	][^=]*\ze=/ contained contains=pseqResult,pseqSignal,pseqNumber nextgroup=pseqReactionValue
syn region pseqReactionValue matchgroup=pseqEquals start=/=/ end=/^\%([#;].*\n\|\s*\n\)*\%([^ \t#;]\|\%$\)/me=s-1 contained keepend contains=pseqVariable,pseqArrow,pseqThen,pseqFirst,pseqComment
syn match pseqChoiceArg /[^= 	][^=]*\ze=/ contained contains=pseqSource nextgroup=pseqChoiceValue
syn region pseqChoiceValue matchgroup=pseqEquals start=/=/ end=/^\%([#;].*\n\|\s*\n\)*\%([^ \t#;]\|\%$\)/me=s-1 contained keepend contains=pseqVariable,pseqString,pseqNumber,pseqDuration,pseqResult,pseqChoice,pseqArrow,pseqComment
syn match pseqWordsArg /[^= 	][^=]*\ze=/ contained contains=pseqSource nextgroup=pseqWordsValue
syn region pseqWordsValue matchgroup=pseqEquals start=/=/ end=/^\%([#;].*\n\|\s*\n\)*\%([^ \t#;]\|\%$\)/me=s-1 contained keepend contains=pseqVariable,pseqString,pseqNumber,pseqDuration,pseqArrow,pseqComment
syn match pseqOutputArg /\%([^= \t][^=]*\s\)\?output\s*\ze=/ contained contains=pseqSource nextgroup=pseqCommandValue
syn keyword pseqTodo TODO FIXME XXX contained
syn match pseqComment /^[#;].*/ contains=pseqTodo
hi def link pseqComment Comment
hi def link pseqTodo Todo
hi def link pseqSection Structure
hi def link pseqKey Identifier
hi def link pseqName Identifier
hi def link pseqAction Statement
hi def link pseqSource Type
hi def link pseqChoice Constant
hi def link pseqResult Constant
hi def link pseqSignal Constant
hi def link pseqNumber Number
hi def link pseqDuration Number
hi def link pseqVariable PreProc
hi def link pseqString String
hi def link pseqOperator Operator
hi def link pseqArrow Operator
hi def link pseqEquals Operator
hi def link pseqFirst Statement
hi def link pseqDo Statement
hi def link pseqThen Statement
let b:current_syntax = 'pseq'
