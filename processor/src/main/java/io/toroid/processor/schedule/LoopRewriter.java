package io.toroid.processor.schedule;

import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.Scalar;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

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
            case Loop.Attention attention -> withEpilogue(
                    withMask(attention, attention.mask().map(change)), rewrite(attention.epilogue(), change), origins);
            case Loop.Extern _, Loop.Branch _, Loop.Repeat _, Loop.Pack _ -> loop;
        };
    }

    static Loop.Attention withMask(Loop.Attention attention, Optional<Scalar> mask) {
        return new Loop.Attention(attention.query(), attention.key(), attention.value(), attention.depth(),
                attention.scale(), attention.position(), mask, attention.accumulator(), attention.epilogue(), attention.origins());
    }

    static Loop.Attention withEpilogue(Loop.Attention attention, Loop.Epilogue epilogue, Loop.Origins origins) {
        return new Loop.Attention(attention.query(), attention.key(), attention.value(), attention.depth(),
                attention.scale(), attention.position(), attention.mask(), attention.accumulator(), epilogue, origins);
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

    /** Whether it is worth a kernel of its own, which can finish its result with an epilogue. */
    static boolean isTemplate(Loop loop) {
        return switch (loop) {
            case Loop.Gemm _, Loop.Convolution _, Loop.Attention _ -> true;
            case Loop.Pointwise _, Loop.Reduction _, Loop.Extern _, Loop.Branch _, Loop.Repeat _, Loop.Pack _ -> false;
        };
    }

    /** The scalars of a loop. */
    static List<Scalar> scalars(Loop loop) {
        return switch (loop) {
            case Loop.Pointwise pointwise -> List.of(pointwise.store().value());
            case Loop.Reduction reduction -> List.of(reduction.body());
            case Loop.Gemm gemm -> scalars(gemm.epilogue());
            case Loop.Convolution convolution -> scalars(convolution.epilogue());
            case Loop.Attention attention ->
                Stream.concat(attention.mask().stream(), scalars(attention.epilogue()).stream()).toList();
            case Loop.Extern _, Loop.Branch _, Loop.Repeat _, Loop.Pack _ -> List.of();
        };
    }

    private static List<Scalar> scalars(Loop.Epilogue epilogue) {
        return epilogue.stores().stream().map(Loop.Store::value).toList();
    }
}
