package io.toroid.processor.loop.verify;

import io.toroid.processor.loop.Buffer;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** That every element of every written buffer is written once: each sample with few elements is played through. */
public final class Coverage {

    private static final long POINTS = 5_000;

    private record Write(List<Size> indices, List<Symbol> variables) {
    }

    private final SequencedMap<Buffer, List<Write>> writes = new LinkedHashMap<>();

    /** A store that happens once for every value of the variables. */
    public void add(Buffer buffer, List<Size> indices, List<Symbol> variables) {
        writes.computeIfAbsent(buffer, _ -> new ArrayList<>()).add(new Write(indices, variables));
    }

    /** Needs indices to be within bounds. */
    public List<String> problems(List<Sample> samples) {
        return writes.keySet().stream().flatMap(buffer -> samples.stream()
                .flatMap(sample -> problem(buffer, sample).stream()).limit(1)).toList();
    }

    private Optional<String> problem(Buffer buffer, Sample sample) {
        long elements = sample.value(buffer.shape().numel());
        long stores = writes.get(buffer).stream().mapToLong(write -> sample.count(write.variables())).sum();
        if (elements != stores) {
            return Optional.of("%s has %d elements, but %d are stored%s".formatted(buffer, elements, stores, sample.where()));
        }
        return elements > POINTS ? Optional.empty() : playThrough(buffer, sample);
    }

    private Optional<String> playThrough(Buffer buffer, Sample sample) {
        BitSet written = new BitSet();
        List<String> found = new ArrayList<>();
        long[] strides = buffer.shape().contiguousStrides().stream().mapToLong(sample::value).toArray();
        for (Write write : writes.get(buffer)) {
            sample.forEachPoint(write.variables(), POINTS, point -> {
                long place = 0;
                for (int dim = 0; dim < strides.length; dim++) {
                    place += point.value(write.indices().get(dim)) * strides[dim];
                }
                int bit = Math.toIntExact(place);
                if (written.get(bit) && found.isEmpty()) {
                    found.add("%s%s is written twice%s".formatted(buffer, write.indices(), point.where()));
                }
                written.set(bit);
            });
        }
        return found.stream().findFirst();
    }
}
