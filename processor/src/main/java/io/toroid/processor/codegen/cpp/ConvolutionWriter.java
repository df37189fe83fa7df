package io.toroid.processor.codegen.cpp;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Layout;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.Scalar;
import io.toroid.processor.schedule.Kernel;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes a convolution: a call of the template in {@code convolution.h} with the epilogue as a lambda. */
final class ConvolutionWriter {

    private final String name;
    private final Loop.Convolution convolution;
    private final SizeWriter sizes = SizeWriter.plain();

    ConvolutionWriter(String name, Loop.Convolution convolution) {
        this.name = name;
        this.convolution = convolution;
    }

    KernelSource write() {
        List<Scalar> scalars = convolution.scalars();
        Set<Buffer> inputs = convolution.inputs();
        boolean reports = KernelWriter.reportsFailures(scalars);
        Set<Symbol> dimensions = KernelWriter.dimensions(
                TemplateText.buffers(convolution), scalars, convolution.epilogue().variables(), List.of());
        CppText out = new CppText(1);
        out.line("using Tile = " + TemplateText.tile(convolution.accumulator().dtype()) + ";");
        out.line("using Shape = " + TemplateText.shape(convolution.window(), convolution.groups()) + ";");
        out.line("[[maybe_unused]] constexpr int L = Tile::kLanes;");
        call(out);
        return new KernelSource(name,
                KernelWriter.parameters(new Kernel.Single(name, convolution), inputs, reports, dimensions),
                KernelWriter.includes(KernelWriter.usesMath(scalars), reports, "toroid/convolution.h", "toroid/loops.h"),
                KernelWriter.comment(convolution.origins()), out.toString());
    }

    private void call(CppText out) {
        Shape input = convolution.input().shape();
        Layout layout = convolution.input().layout();
        Shape output = convolution.accumulator().shape();
        out.line("convolution2d<Tile, Shape>(");
        out.line("    pool, %s, %s, %s, %s, %s,".formatted(
                sizes.print(input.get(0)), sizes.print(input.get(2)), sizes.print(input.get(3)),
                TemplateText.constant(input.get(1), sizes), TemplateText.constant(output.get(1), sizes)));
        out.line("    %s, %s, %s, %s, %s,".formatted(convolution.input().name(), sizes.print(layout.strides().get(0)),
                sizes.print(layout.strides().get(2)), sizes.print(layout.strides().get(3)), convolution.weight().name()));
        List<Symbol> variables = List.of(
                Symbol.variable("b", output.get(0)), Symbol.variable("co", output.get(1)),
                Symbol.variable("oh", output.get(2)), Symbol.variable("ow", output.get(3)));
        Map<Symbol, Size> names = new HashMap<>();
        for (int dim = 0; dim < 4; dim++) {
            names.put(convolution.epilogue().variables().get(dim), variables.get(dim));
        }
        out.open("    [&]([[maybe_unused]] int64_t b, [[maybe_unused]] int64_t oh, [[maybe_unused]] int64_t ow, "
                + "[[maybe_unused]] int64_t co, auto sums, [[maybe_unused]] auto count) TOROID_INLINE_LAMBDA {");
        out.raw(TemplateText.epilogue(
                convolution.epilogue(), convolution.accumulator(), variables.get(1), variables, names, out.depth()));
        out.close("});");
    }
}
