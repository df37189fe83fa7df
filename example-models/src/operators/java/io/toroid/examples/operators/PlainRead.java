package io.toroid.examples.operators;

import io.toroid.DType;
import io.toroid.op.Arguments;
import io.toroid.op.CppSource;
import io.toroid.op.CustomOperator;
import io.toroid.op.TensorData;
import io.toroid.op.TensorType;
import io.toroid.shape.Shape;
import java.util.List;
import java.util.Optional;

/**
 * Reads memory once, and that is all: what a kernel that only reads can reach at best. Each thread reads four stretches at a time, by whole
 * vectors, and adds up what it reads, or the compiler would leave the reads away. A few elements at the ends of the stretches are left out.
 */
final class PlainRead extends CustomOperator {

    PlainRead() {
        super("benchmark::read(Tensor x) -> Tensor");
    }

    @Override
    protected List<TensorType> infer(Arguments arguments) {
        return List.of(new TensorType(DType.F32, Shape.SCALAR));
    }

    @Override
    public Optional<CppSource> cpp() {
        return Optional.of(CppSource.of("""
                float sums[kMostParts];
                const int64_t parts = for_parts(pool, x.numel, 1, [&](int64_t part, int64_t begin, int64_t end) {
                  typedef Vec<float, kLanes> V;
                  const int64_t length = (end - begin) / 4;
                  V read[4] = {V::broadcast(0), V::broadcast(0), V::broadcast(0), V::broadcast(0)};
                  for (int64_t i = begin; i + kLanes <= begin + length; i += kLanes)
                    for (int64_t stream = 0; stream < 4; stream++) read[stream] = read[stream] + V::load(x.data + stream * length + i);
                  sums[part] = reduce_add((read[0] + read[1]) + (read[2] + read[3]));
                });
                result[0] = 0;
                for (int64_t part = 0; part < parts; part++) result[0] += sums[part];
                """).including("<toroid/loops.h>"));
    }

    @Override
    protected List<TensorData> compute(Arguments arguments) {
        throw new UnsupportedOperationException("measured when compiled only");
    }
}
