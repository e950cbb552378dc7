# Lines and branches of the core that its tests reach, from what gcov writes; what they do not is listed.
# A line that is compiled more than once, for several lanes or as part of a header, is reached where one is.
function percent(reached, all) { return all ? sprintf("%6.2f%%", 100 * reached / all) : "     -" }
function row(name, l, lr, b, br) {
    printf "%-22s %5d lines %s  %5d branches %s\n", name, l, percent(lr, l), b, percent(br, b)
}
FNR == 1 {
    name = FILENAME
    sub(/.*#/, "", name); sub(/\.gcov$/, "", name)
    names[++n] = name
    last_line[name] = 0
}
/^ *[0-9#=-]+\*?: *[0-9]+:/ {
    split($0, field, ":")
    gsub(/ /, "", field[1]); line = field[2] + 0
    at = name SUBSEP line
    branch = 0
    if (field[1] == "-" || line == 0) next
    if (line > last_line[name]) last_line[name] = line
    reached[at] += field[1] !~ /^[#=]/
    is_code[at] = 1
}
/^branch/ {
    branch++
    if (branch > n_branches[at]) n_branches[at] = branch
    taken[at, branch] += $0 ~ /taken [1-9]/
}
END {
    for (i = 1; i <= n; i++) {
        name = names[i]
        l = lr = b = br = 0
        for (line = 1; line <= last_line[name]; line++) {
            at = name SUBSEP line
            if (!(at in is_code)) continue
            l++
            lr += reached[at] > 0
            untaken = 0
            for (k = 1; k <= n_branches[at]; k++) untaken += taken[at, k] == 0
            b += n_branches[at]; br += n_branches[at] - untaken
            if (!reached[at]) missed = missed sprintf("  %s:%d\n", name, line)
            else if (untaken) missed = missed sprintf("  %s:%d a branch\n", name, line)
        }
        row(name, l, lr, b, br)
        all_l += l; all_lr += lr; all_b += b; all_br += br
    }
    row("src/core", all_l, all_lr, all_b, all_br)
    if (missed) printf "not reached:\n%s", missed
}
