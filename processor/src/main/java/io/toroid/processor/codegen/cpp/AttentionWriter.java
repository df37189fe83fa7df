package io.toroid.processor.codegen.cpp;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.Scalar;
import io.toroid.processor.schedule.Kernel;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes attention: a call of the template in {@code attention.h} with mask and epilogue as lambdas. */
final class AttentionWriter {

    private static final String TAIL = "auto count) TOROID_INLINE_LAMBDA {";

    private final String name;
    private final Loop.Attention attention;
    private final SizeWriter sizes = SizeWriter.plain();
    private final List<Symbol> places = new ArrayList<>();
    private final Map<Symbol, Size> names = new HashMap<>();

    AttentionWriter(String name, Loop.Attention attention) {
        this.name = name;
        this.attention = attention;
        List<Symbol> variables = attention.epilogue().variables();
        List<String> texts = List.of("b", "h", "i", "c");
        for (int dim = 0; dim < texts.size(); dim++) {
            places.add(Symbol.variable(texts.get(dim), variables.get(dim).below().orElseThrow()));
            names.put(variables.get(dim), places.get(dim));
        }
    }

    KernelSource write() {
        List<Scalar> scalars = attention.scalars();
        Set<Buffer> inputs = attention.inputs();
        boolean reports = KernelWriter.reportsFailures(scalars);
        List<Symbol> variables = new ArrayList<>(attention.epilogue().variables());
        variables.add(attention.position());
        List<Size> strides = new ArrayList<>(List.of(attention.depth()));
        for (Loop.Heads heads : List.of(attention.query(), attention.key(), attention.value())) {
            strides.addAll(List.of(heads.offset(), heads.batchStride(), heads.headStride(), heads.tokenStride()));
        }
        Set<Symbol> dimensions = KernelWriter.dimensions(
                TemplateText.buffers(attention), scalars, variables, strides);
        CppText out = new CppText(1);
        call(out);
        return new KernelSource(name,
                KernelWriter.parameters(new Kernel.Single(name, attention), inputs, reports, dimensions),
                KernelWriter.includes(KernelWriter.usesMath(scalars), reports, "toroid/attention.h", "toroid/loops.h"),
                KernelWriter.comment(attention.origins()), out.toString());
    }

    private void call(CppText out) {
        String element = CppTypes.element(attention.accumulator().dtype());
        out.line("[[maybe_unused]] constexpr int L = attend::kRegisterLanes<%s>;".formatted(element));
        out.line("const AttentionInputs<%s> inputs = {".formatted(element));
        out.line("    %s, %s, %s, %s,".formatted(extent(0), extent(1), extent(2),
                sizes.print(attention.position().below().orElseThrow())));
        out.line("    %s,".formatted(heads(attention.query())));
        out.line("    %s,".formatted(heads(attention.key())));
        out.line("    %s,".formatted(heads(attention.value())));
        out.line("    %s};".formatted(CppTypes.literal(attention.accumulator().dtype(), attention.scale())));
        out.line("attention(");
        out.line("    pool, inputs, %s, %s,".formatted(TemplateText.constant(attention.depth(), sizes),
                TemplateText.constant(places.get(3).below().orElseThrow(), sizes)));
        attention.mask().ifPresentOrElse(mask -> mask(mask, out), () -> out.line("    NoMask{},"));
        out.open("    [&](%s, auto sums, [[maybe_unused]] %s".formatted(parameters("b", "h", "i", "c"), TAIL));
        out.raw(TemplateText.epilogue(
                attention.epilogue(), attention.accumulator(), places.get(3), places, names, out.depth()));
        out.close("});");
    }

    private void mask(Scalar mask, CppText out) {
        Symbol key = Symbol.variable("j", attention.position().below().orElseThrow());
        Map<Symbol, Size> scores = new HashMap<>(names);
        scores.put(attention.position(), key);
        out.open("    [&](%s, [[maybe_unused]] %s".formatted(parameters("b", "h", "i", "j"), TAIL));
        out.raw(TemplateText.vector(mask, key, places.subList(0, 3), scores, out.depth()));
        out.close("},");
    }

    private static String parameters(String... variables) {
        return String.join(", ", List.of(variables).stream().map(variable -> "[[maybe_unused]] int64_t " + variable).toList());
    }

    private String extent(int dim) {
        return sizes.print(places.get(dim).below().orElseThrow());
    }

    private String heads(Loop.Heads heads) {
        String address = heads.offset().equals(Size.ZERO)
                ? heads.buffer().name() : heads.buffer().name() + " + " + sizes.print(heads.offset());
        return "{%s, %s, %s, %s}".formatted(address, sizes.print(heads.batchStride()), sizes.print(heads.headStride()),
                sizes.print(heads.tokenStride()));
    }
}
