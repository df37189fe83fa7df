package io.toroid.examples.benchmark;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What something costs here and with ONNX Runtime. All benchmarks print it with the same keys, in the same order; what one of them
 * knows besides comes after these.
 *
 * @param benchmark what is run
 * @param of its sizes, such as {@code b8_t128}
 * @param threads that work on a call
 * @param unit of both costs, as it ends their keys: {@code us} or {@code bytes}
 * @param more further keys
 */
public record Comparison(String benchmark, String of, int threads, String unit, double toroid, double peer, Map<String, Double> more) {
    public static final String PEER = "onnxruntime";

    public static Comparison micros(String benchmark, String of, int threads, double toroid, double peer) {
        return new Comparison(benchmark, of, threads, "us", toroid, peer, Map.of());
    }

    public static Comparison bytes(String benchmark, String of, int threads, double toroid, double peer) {
        return new Comparison(benchmark, of, threads, "bytes", toroid, peer, Map.of());
    }

    public Comparison with(String key, double value) {
        Map<String, Double> extended = new LinkedHashMap<>(more);
        extended.put(key, value);
        return new Comparison(benchmark, of, threads, unit, toroid, peer, extended);
    }

    /** One of the further values. */
    public double more(String key) {
        return more.get(key);
    }

    /** Above 1 if Toroid is better. */
    public double ratio() {
        return peer / toroid;
    }

    /** One line; a further value that was not measured is left out. */
    public String json() {
        String further = more.entrySet().stream().filter(each -> Double.isFinite(each.getValue()))
                .map(each -> ",\"%s\":%s".formatted(each.getKey(), number(each.getValue())))
                .collect(Collectors.joining());
        return String.format(Locale.ROOT,
                "{\"benchmark\":\"%s\",\"case\":\"%s\",\"threads\":%d,\"toroid_%s\":%s,\"peer\":\"%s\",\"peer_%s\":%s,\"ratio\":%.2f%s}",
                benchmark, of, threads, unit, number(toroid), PEER, unit, number(peer), ratio(), further);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value == Math.rint(value) ? "%.0f" : "%.3f", value);
    }
}
