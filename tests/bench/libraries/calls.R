# R's side of the benchmark: reads columns from a folder, then makes one call for each line that it is told.
#
# Rscript calls.R PACKAGE FOLDER
#   FOLDER/columns.txt: name and type of each column, whose binary numbers stand in a file of its name: integer, double
#   or factor, whose numbers count the lines of the file NAME.levels from 0
#   FOLDER/keys.txt: the names of the keys
# Each line of stdin is the name of a measure, and is answered by "done"; "write" writes the last answer's columns
# into FOLDER/answer as doubles, factors as their numbers.

told <- commandArgs(trailingOnly = TRUE)
package <- told[1]
folder <- told[2]
suppressMessages(library(package, character.only = TRUE))

column <- function(name, type) {
  path <- file.path(folder, name)
  size <- if (type == "double") 8 else 4
  numbers <- readBin(path, if (type == "double") type else "integer", file.size(path) / size, size)
  if (type != "factor") {
    return(numbers)
  }
  levels <- readLines(file.path(folder, paste0(name, ".levels")), encoding = "UTF-8")
  factor(numbers, seq_along(levels) - 1L, levels)
}

numbers_of <- function(values) if (is.factor(values)) as.integer(values) - 1L else values

listed <- read.table(file.path(folder, "columns.txt"), col.names = c("name", "type"))
records <- Map(column, listed$name, listed$type)
keys <- readLines(file.path(folder, "keys.txt"))

collapse_measures <- function() {
  value <- records$value
  groups <- function() GRP(records[keys], sort = FALSE)
  list(
    statistics = function() {
      g <- groups()
      c(g$groups, list(
        count = fnobs(value, g), sum = fsum(value, g), mean = fmean(value, g), min = fmin(value, g),
        max = fmax(value, g)
      ))
    },
    dictionary_sums = function() {
      g <- groups()
      c(g$groups, list(sum = fsum(value, g)))
    },
    shares = function() list(share = fsum(value, groups(), TRA = "/")),
    growth = function() list(rate = fgrowth(value, g = records$entity, t = records$year, scale = 1))
  )
}

data.table_measures <- function() {
  setDT(records)
  list(
    statistics = function() {
      records[, .(count = .N, sum = sum(value), mean = mean(value), min = min(value), max = max(value)), by = keys]
    },
    dictionary_sums = function() records[, .(sum = sum(value)), by = keys],
    shares = function() records[, share := value / sum(value), by = keys][, .(share)],
    growth = function() {
      base <- records[, .(entity, year = year + 1L, base = value)]
      base[records, on = .(entity, year), .(rate = i.value / base - 1)]
    },
    leaders = function() records[order(-value), .(value = head(value, 3)), by = keys]
  )
}

measures <- get(paste0(package, "_measures"))()
answer <- NULL
orders <- file("stdin", "r")
while (length(order <- readLines(orders, 1)) > 0) {
  if (order == "write") {
    for (name in names(answer)) {
      writeBin(as.double(numbers_of(answer[[name]])), file.path(folder, "answer", name))
    }
  } else {
    answer <- measures[[order]]()
  }
  cat("done\n")
  flush(stdout())
}
