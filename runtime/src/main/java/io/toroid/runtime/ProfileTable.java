package io.toroid.runtime;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A profile as text. */
final class ProfileTable {

    /** The runs of one place. */
    private static final class Sum {
        private long runs;
        private long nanoseconds;
        private long bytes;
        private long operations;

        void add(Profile.Run run) {
            runs++;
            nanoseconds += run.nanoseconds();
            bytes += run.bytes();
            operations += run.operations();
        }
    }

    private ProfileTable() {
    }

    static String of(Profile profile) {
        long wall = profile.calls().stream().mapToLong(Profile.Call::nanoseconds).sum();
        Map<KernelPlace, Sum> sums = new LinkedHashMap<>();
        profile.runs().forEach(run -> sums.computeIfAbsent(run.place(), _ -> new Sum()).add(run));
        List<Map.Entry<KernelPlace, Sum>> rows = new ArrayList<>(sums.entrySet());
        rows.sort(Comparator.comparingLong((Map.Entry<KernelPlace, Sum> row) -> row.getValue().nanoseconds).reversed());
        StringBuilder text = new StringBuilder(line("runs", "total µs", "share", "µs/run", "GB/s", "GFLOP/s", "kernel"));
        Sum all = new Sum();
        for (Map.Entry<KernelPlace, Sum> row : rows) {
            text.append(line(row.getValue(), wall, row.getKey().toString()));
        }
        profile.runs().forEach(all::add);
        text.append(line(all, wall, "all kernels"));
        text.append(line(Integer.toString(profile.calls().size()), micros(wall), "100.0 %", "", "", "", "calls"));
        if (profile.lost() > 0) {
            text.append("%d runs are missing: the library keeps the last 65536%n".formatted(profile.lost()));
        }
        return text.toString();
    }

    private static String line(Sum sum, long wall, String name) {
        return line(Long.toString(sum.runs), micros(sum.nanoseconds), decimal(100.0 * sum.nanoseconds / Math.max(1, wall)) + " %",
                sum.runs == 0 ? "" : micros(sum.nanoseconds / sum.runs), rate(sum.bytes, sum), rate(sum.operations, sum), name);
    }

    /** A number per nanosecond is as many thousand millions per second. */
    private static String rate(long count, Sum sum) {
        return decimal((double) count / Math.max(1, sum.nanoseconds));
    }

    private static String micros(long nanoseconds) {
        return decimal(nanoseconds / 1000.0);
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String line(String runs, String total, String share, String each, String bytes, String operations, String name) {
        return "%6s %11s %8s %9s %7s %8s  %s%n".formatted(runs, total, share, each, bytes, operations, name);
    }
}
