package io.toroid.processor.loop.lower;

import io.toroid.op.Arguments;
import io.toroid.op.Call;
import io.toroid.op.TensorType;
import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.LoopProgram;
import io.toroid.processor.loop.Scalar;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Branches and loops: what they run becomes programs of their own, which see the memory around them. */
final class LowerControl {

    private LowerControl() {
    }

    static void register(Map<String, Lower.Rule> rules) {
        rules.put("toroid.cond.default", LowerControl::branch);
        rules.put("toroid.while_loop.default", LowerControl::repeat);
    }

    private static void branch(Call call, Lowering lowering) {
        Arguments arguments = call.arguments();
        List<Buffer> captured = arguments.tensors("captured").stream().map(lowering::buffer).toList();
        List<Buffer> results = results(call, lowering);
        lowering.add(new Loop.Branch(lowering.buffer(arguments.tensor("predicate")),
                Lower.body("if_true", arguments.body("if_true"), captured, results, lowering),
                Lower.body("if_false", arguments.body("if_false"), captured, results, lowering),
                Loop.Origins.of(call)));
    }

    private static void repeat(Call call, Lowering lowering) {
        Arguments arguments = call.arguments();
        List<Buffer> initial = arguments.tensors("carried").stream().map(lowering::buffer).toList();
        List<Buffer> carried = results(call, lowering);
        List<Buffer> seen = new ArrayList<>(carried);
        arguments.tensors("captured").stream().map(lowering::buffer).forEach(seen::add);
        List<Buffer> next = carried.stream().map(buffer -> lowering.temporary("next", buffer.type())).toList();
        TensorType truth = arguments.body("condition").types().getFirst();
        List<Buffer> predicate = List.of(lowering.temporary("continues", truth));
        lowering.add(new Loop.Repeat(
                start(initial, carried, call, lowering),
                Lower.body("condition", arguments.body("condition"), seen, predicate, lowering),
                Lower.body("body", arguments.body("body"), seen, next, lowering),
                Loop.Origins.of(call)));
    }

    private static List<Buffer> results(Call call, Lowering lowering) {
        return IntStream.range(0, call.types().size()).mapToObj(index -> lowering.result(call, index)).toList();
    }

    private static LoopProgram start(List<Buffer> from, List<Buffer> to, Call call, Lowering lowering) {
        List<Loop> loops = new ArrayList<>();
        for (int i = 0; i < from.size(); i++) {
            List<Symbol> variables = Lowering.variables("d", from.get(i).shape());
            List<Size> indices = Lowering.indices(variables);
            loops.add(new Loop.Pointwise(variables,
                    new Loop.Store(to.get(i), indices, new Scalar.Load(from.get(i), indices)), Loop.Origins.of(call)));
        }
        return new LoopProgram(lowering.program() + "." + lowering.names().unique("start"), from, to, loops);
    }
}
