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
            case Loop.Gemm gemm -> withEpilogue(gemm, change, origins);
            case Loop.Convolution convolution -> withEpilogue(convolution, change, origins);
            case Loop.Attention attention ->
                withEpilogue(attention.withMask(attention.mask().map(change)), change, origins);
            case Loop.Extern _, Loop.Branch _, Loop.Repeat _, Loop.ReadSize _, Loop.Pack _ -> loop;
        };
    }

    private static Loop withEpilogue(Loop.Template template, UnaryOperator<Scalar> change, Loop.Origins origins) {
        return template.withEpilogue(rewrite(template.epilogue(), change), origins);
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
            case Loop.Template template -> template.scalars();
            case Loop.Extern _, Loop.Branch _, Loop.Repeat _, Loop.ReadSize _, Loop.Pack _ -> List.of();
        };
    }
}
