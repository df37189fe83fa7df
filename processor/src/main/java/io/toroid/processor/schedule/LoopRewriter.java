package io.toroid.processor.schedule;

import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.Scalar;
import java.util.List;
import java.util.function.UnaryOperator;

/** Rebuilds a loop with its scalars changed. */
final class LoopRewriter {

    private LoopRewriter() {
    }

    static Loop rewrite(Loop loop, UnaryOperator<Scalar> change, Loop.Origins origins) {
        return switch (loop) {
            case Loop.Pointwise pointwise ->
                new Loop.Pointwise(pointwise.variables(), rewrite(pointwise.store(), change), origins);
            case Loop.Reduction reduction -> new Loop.Reduction(
                    reduction.variables(), reduction.reduced(), reduction.operation(), change.apply(reduction.body()),
                    reduction.outputs(), reduction.indices(), origins);
            case Loop.Gemm gemm -> withEpilogue(gemm, rewrite(gemm.epilogue(), change), origins);
            case Loop.Convolution convolution ->
                withEpilogue(convolution, rewrite(convolution.epilogue(), change), origins);
            case Loop.Pack pack -> pack;
        };
    }

    static Loop.Gemm withEpilogue(Loop.Gemm gemm, Loop.Epilogue epilogue, Loop.Origins origins) {
        return new Loop.Gemm(gemm.batch(), gemm.rows(), gemm.column(), gemm.depth(), gemm.left(), gemm.right(),
                gemm.accumulator(), epilogue, origins);
    }

    static Loop.Convolution withEpilogue(Loop.Convolution convolution, Loop.Epilogue epilogue, Loop.Origins origins) {
        return new Loop.Convolution(convolution.input(), convolution.weight(), convolution.window(),
                convolution.groups(), convolution.accumulator(), epilogue, origins);
    }

    private static Loop.Epilogue rewrite(Loop.Epilogue epilogue, UnaryOperator<Scalar> change) {
        return new Loop.Epilogue(
                epilogue.variables(), epilogue.stores().stream().map(store -> rewrite(store, change)).toList());
    }

    private static Loop.Store rewrite(Loop.Store store, UnaryOperator<Scalar> change) {
        return new Loop.Store(store.target(), store.indices(), change.apply(store.value()));
    }

    /** The scalars of a loop. */
    static List<Scalar> scalars(Loop loop) {
        return switch (loop) {
            case Loop.Pointwise pointwise -> List.of(pointwise.store().value());
            case Loop.Reduction reduction -> List.of(reduction.body());
            case Loop.Gemm gemm -> gemm.epilogue().stores().stream().map(Loop.Store::value).toList();
            case Loop.Convolution convolution -> convolution.epilogue().stores().stream().map(Loop.Store::value).toList();
            case Loop.Pack _ -> List.of();
        };
    }
}
