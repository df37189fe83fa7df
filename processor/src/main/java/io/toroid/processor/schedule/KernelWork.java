package io.toroid.processor.schedule;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.ReductionOperation;
import io.toroid.processor.loop.Scalar;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a kernel has to do, for profiles.
 *
 * @param bytes that it reads and bytes that it writes, each element of a tensor counted once; what does not fit into caches costs more
 * @param operations additions, multiplications, comparisons and functions of floating-point numbers; none for functions of headers,
 *     such as sorting, and for packing
 */
public record KernelWork(Size bytes, Size operations) {

    /** Of a kernel that is a function. */
    public static KernelWork of(Kernel kernel) {
        return switch (kernel) {
            case Kernel.Nest nest -> ofNest(nest);
            case Kernel.Single(_, Loop loop) -> ofLoop(kernel, loop);
            case Kernel.Control _, Kernel.SizeRead _ -> throw new IllegalArgumentException(kernel.name() + " is no function");
        };
    }

    private static KernelWork ofNest(Kernel.Nest nest) {
        Size operations = Size.ZERO;
        Map<Buffer, Size> reads = new HashMap<>();
        for (Kernel.Phase phase : nest.phases()) {
            List<Symbol> variables = new ArrayList<>(nest.outer());
            variables.addAll(phase.inner());
            Size times = extent(variables);
            for (Kernel.Statement statement : phase.statements()) {
                long own = operations(statement.scalar()) + switch (statement) {
                    case Kernel.Statement.Assign _ -> 0;
                    case Kernel.Statement.Combine combine -> combining(combine.operation(), combine.scalar());
                };
                operations = operations.plus(times.times(own));
                countReads(statement.scalar(), times, reads);
            }
        }
        return new KernelWork(bytes(nest, reads), operations);
    }

    private static KernelWork ofLoop(Kernel kernel, Loop loop) {
        Map<Buffer, Size> reads = new HashMap<>();
        Size operations = Size.ZERO;
        if (loop instanceof Loop.Template template) {
            Size times = extent(template.epilogue().variables());
            operations = inner(template);
            for (Loop.Store store : template.epilogue().stores()) {
                operations = operations.plus(times.times(operations(store.value())));
                countReads(store.value(), times, reads);
            }
        }
        return new KernelWork(bytes(kernel, reads), operations);
    }

    /** Two for each product that is added. */
    private static Size inner(Loop.Template template) {
        Size results = extent(template.epilogue().variables());
        return switch (template) {
            case Loop.Gemm gemm -> results.times(gemm.depth()).times(2);
            case Loop.Convolution convolution -> ofConvolution(convolution, results);
            case Loop.Attention attention -> {
                List<Symbol> variables = attention.epilogue().variables();
                Size scores = extent(variables.subList(0, 3)).times(attention.position().below().orElseThrow());
                Size products = attention.depth().plus(variables.get(3).below().orElseThrow()).times(2);
                long softmax = 4 + attention.mask().map(mask -> operations(mask) + 1).orElse(0L);
                yield scores.times(products.plus(softmax));
            }
        };
    }

    /** A transposed one spreads each input over the taps; the others gather each result from them. */
    private static Size ofConvolution(Loop.Convolution convolution, Size results) {
        Size in = convolution.input().shape().get(1);
        Size out = convolution.accumulator().shape().get(1);
        boolean isTransposed = convolution.window().isTransposed();
        Size places = isTransposed ? convolution.input().shape().numel() : results;
        return places.times((isTransposed ? out : in).floorDiv(convolution.groups())).times(2 * convolution.window().taps());
    }

    // ---- operations

    private static long operations(Scalar scalar) {
        long own = switch (scalar) {
            case Scalar.Unary unary -> unary.operand().dtype().isFloating() ? 1 : 0;
            case Scalar.Binary binary -> binary.left().dtype().isFloating() ? 1 : 0;
            case Scalar.Literal _, Scalar.Index _, Scalar.Load _, Scalar.Gather _, Scalar.Select _, Scalar.Guarded _, Scalar.Convert _ -> 0;
        };
        return own + scalar.operands().stream().mapToLong(KernelWork::operations).sum();
    }

    /** Welford's method subtracts, divides, adds, multiplies and adds. */
    private static long combining(ReductionOperation operation, Scalar scalar) {
        return !scalar.dtype().isFloating() ? 0 : operation == ReductionOperation.WELFORD ? 6 : 1;
    }

    private static Size extent(List<Symbol> variables) {
        return variables.stream().map(variable -> variable.below().orElseThrow()).reduce(Size.ONE, Size::times);
    }

    // ---- bytes

    private static void countReads(Scalar scalar, Size times, Map<Buffer, Size> reads) {
        scalar.forEach(node -> {
            switch (node) {
                case Scalar.Load load -> reads.merge(load.buffer(), times, Size::plus);
                case Scalar.Gather gather -> reads.merge(gather.buffer(), times, Size::plus);
                case Scalar.Literal _, Scalar.Index _, Scalar.Unary _, Scalar.Binary _, Scalar.Select _, Scalar.Guarded _, Scalar.Convert _ -> { }
            }
        });
    }

    private static Size bytes(Kernel kernel, Map<Buffer, Size> reads) {
        Size bytes = Size.ZERO;
        for (Buffer buffer : kernel.inputs()) {
            Size elements = reads.containsKey(buffer) ? buffer.shape().numel().min(reads.get(buffer)) : buffer.shape().numel();
            bytes = bytes.plus(elements.times(buffer.dtype().bytes()));
        }
        for (Buffer buffer : kernel.outputs()) {
            bytes = bytes.plus(buffer.bytes());
        }
        return bytes;
    }
}
