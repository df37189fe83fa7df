package io.toroid.processor.schedule;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.LoopProgram;
import io.toroid.processor.loop.Scalar;
import io.toroid.shape.Symbol;
import java.util.List;
import java.util.Map;

/** Puts other buffers of the same types and layouts in the place of some, wherever a loop reads or fills them. */
final class RenameBuffers {

    private final Map<Buffer, Buffer> renamed;

    /** @param renamed those that are replaced, each with what stands for it */
    RenameBuffers(Map<Buffer, Buffer> renamed) {
        this.renamed = renamed;
    }

    Loop in(Loop loop) {
        return switch (loop) {
            case Loop.Pointwise(var variables, Loop.Store store, var origins) -> new Loop.Pointwise(variables, in(store), origins);
            case Loop.Reduction reduction -> new Loop.Reduction(reduction.variables(), reduction.reduced(), reduction.operation(),
                    in(reduction.body()), in(reduction.outputs()), reduction.indices(), reduction.origins());
            case Loop.Gemm gemm -> new Loop.Gemm(gemm.batch(), gemm.rows(), gemm.column(), gemm.depth(), in(gemm.left()), in(gemm.right()),
                    gemm.accumulator(), in(gemm.epilogue()), gemm.origins());
            case Loop.Convolution convolution -> new Loop.Convolution(in(convolution.input()), in(convolution.weight()),
                    convolution.window(), convolution.groups(), convolution.accumulator(), in(convolution.epilogue()), convolution.origins());
            case Loop.Attention attention -> new Loop.Attention(in(attention.query()), in(attention.key()), in(attention.value()),
                    attention.depth(), attention.scale(), attention.position(), attention.mask().map(this::in),
                    attention.accumulator(), in(attention.epilogue()), attention.origins());
            case Loop.Extern(String function, String header, List<Loop.Argument> arguments, var origins) ->
                new Loop.Extern(function, header, arguments.stream().map(this::in).toList(), origins);
            case Loop.Branch(Buffer predicate, LoopProgram ifTrue, LoopProgram ifFalse, var origins) ->
                new Loop.Branch(in(predicate), in(ifTrue), in(ifFalse), origins);
            case Loop.Repeat(LoopProgram start, LoopProgram condition, LoopProgram body, var origins) ->
                new Loop.Repeat(in(start), in(condition), in(body), origins);
            case Loop.ReadSize(Symbol size, Buffer value, var origins) -> new Loop.ReadSize(size, in(value), origins);
            case Loop.Pack(Buffer source, Buffer target, var packing, var origins) ->
                new Loop.Pack(in(source), in(target), packing, origins);
        };
    }

    private Buffer in(Buffer buffer) {
        return renamed.getOrDefault(buffer, buffer);
    }

    private List<Buffer> in(List<Buffer> buffers) {
        return buffers.stream().map(this::in).toList();
    }

    private LoopProgram in(LoopProgram program) {
        return new LoopProgram(program.name(), in(program.inputs()), in(program.outputs()), program.loops().stream().map(this::in).toList());
    }

    private Loop.Epilogue in(Loop.Epilogue epilogue) {
        return new Loop.Epilogue(epilogue.variables(), epilogue.stores().stream().map(this::in).toList());
    }

    private Loop.Store in(Loop.Store store) {
        return new Loop.Store(in(store.target()), store.indices(), in(store.value()));
    }

    private Loop.Operand in(Loop.Operand operand) {
        return new Loop.Operand(in(operand.buffer()), operand.offset(), operand.rowStride(), operand.columnStride(), operand.isPacked());
    }

    private Loop.Heads in(Loop.Heads heads) {
        return new Loop.Heads(in(heads.buffer()), heads.offset(), heads.batchStride(), heads.headStride(), heads.tokenStride());
    }

    private Loop.Argument in(Loop.Argument argument) {
        return switch (argument) {
            case Loop.Argument.In(Buffer buffer) -> new Loop.Argument.In(in(buffer));
            case Loop.Argument.Out(Buffer buffer) -> new Loop.Argument.Out(in(buffer));
            case Loop.Argument.Extent _, Loop.Argument.Number _, Loop.Argument.Name _, Loop.Argument.Nested _, Loop.Argument.Run _ -> argument;
        };
    }

    private Scalar in(Scalar scalar) {
        return scalar.map(node -> switch (node) {
            case Scalar.Load load -> new Scalar.Load(in(load.buffer()), load.indices());
            case Scalar.Gather(Buffer buffer, var indices, var lookups, String operator) ->
                new Scalar.Gather(in(buffer), indices, lookups, operator);
            case Scalar.Literal _, Scalar.Index _, Scalar.Unary _, Scalar.Binary _, Scalar.Select _, Scalar.Guarded _,
                 Scalar.Convert _ -> node;
        });
    }
}
