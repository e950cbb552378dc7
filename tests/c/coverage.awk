# Lines and branches of the core that its tests reach, from what gcov writes; what they do not is listed.
function percent(reached, all) { return all ? sprintf("%6.2f%%", 100 * reached / all) : "     -" }
function row(name, l, lr, b, br) {
    printf "%-22s %5d lines %s  %5d branches %s\n", name, l, percent(lr, l), b, percent(br, b)
}
FNR == 1 {
    name = FILENAME
    sub(/.*#/, "", name); sub(/\.gcov$/, "", name)
    names[++n] = name
}
/^ *[0-9#=-]+\*?: *[0-9]+:/ {
    split($0, field, ":")
    gsub(/ /, "", field[1]); line = field[2] + 0
    if (field[1] == "-" || line == 0) next
    lines[name]++
    if (field[1] ~ /^[#=]/) missed = missed sprintf("  %s:%d\n", name, line)
    else reached[name]++
}
/^branch/ {
    branches[name]++
    if ($0 ~ /taken [1-9]/) taken[name]++
    else { missed = missed (last == name line ? "" : sprintf("  %s:%d a branch\n", name, line)); last = name line }
}
END {
    for (i = 1; i <= n; i++) {
        name = names[i]
        row(name, lines[name], reached[name], branches[name], taken[name])
        l += lines[name]; lr += reached[name]; b += branches[name]; br += taken[name]
    }
    row("src/core", l, lr, b, br)
    if (missed) printf "not reached:\n%s", missed
}
