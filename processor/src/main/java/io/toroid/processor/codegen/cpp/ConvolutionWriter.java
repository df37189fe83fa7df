package io.toroid.processor.codegen.cpp;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.Scalar;
import io.toroid.processor.schedule.Kernel;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes a convolution: a call of the template in {@code convolution.h} or, of volumes and transposed, in
 * {@code volume_convolution.h}, with the epilogue as a lambda. A line is an image of height 1, and that a volume of depth 1.
 */
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
        boolean isOfImages = TemplateText.isOfImages(convolution.window());
        if (isOfImages) {
            out.line("using Shape = " + TemplateText.shape(convolution.window(), convolution.groups()) + ";");
        }
        out.line("[[maybe_unused]] constexpr int L = Tile::kLanes;");
        if (isOfImages) {
            images(out);
        } else {
            volumes(out);
        }
        return new KernelSource(name,
                KernelWriter.parameters(new Kernel.Single(name, convolution), inputs, reports, dimensions),
                KernelWriter.includes(KernelWriter.usesMath(scalars), reports, TemplateText.header(convolution.window()), "toroid/loops.h"),
                KernelWriter.comment(convolution.origins()), out.toString());
    }

    private void images(CppText out) {
        Shape input = convolution.input().shape();
        List<String> sizes = last(input.sizes(), 2, "1");
        List<String> strides = last(convolution.input().layout().strides(), 2, "0");
        out.line("convolution2d<Tile, Shape>(");
        out.line("    pool, %s, %s, %s, %s, %s,".formatted(print(input.get(0)), sizes.get(0), sizes.get(1),
                TemplateText.constant(input.get(1), this.sizes), TemplateText.constant(outputs(), this.sizes)));
        out.line("    %s, %s, %s, %s, %s,".formatted(convolution.input().name(), print(convolution.input().layout().strides().get(0)),
                strides.get(0), strides.get(1), convolution.weight().name()));
        epilogue(out, List.of("oh", "ow"));
    }

    private void volumes(CppText out) {
        Shape input = convolution.input().shape();
        List<Size> strides = convolution.input().layout().strides();
        out.line("convolution3d<Tile>(");
        out.line("    pool, %s, %s, %s, %s,".formatted(TemplateText.volumeKernel(convolution.window(), convolution.groups()),
                print(input.get(0)), triple(input.sizes(), "1"), triple(convolution.accumulator().shape().sizes(), "1")));
        out.line("    %s, %s, %s, %s, %s, %s,".formatted(print(input.get(1)), TemplateText.constant(outputs(), sizes),
                convolution.input().name(), print(strides.get(0)), triple(strides, "0"), convolution.weight().name()));
        epilogue(out, List.of("od", "oh", "ow"));
    }

    private Size outputs() {
        return convolution.accumulator().shape().get(1);
    }

    private String print(Size size) {
        return sizes.print(size);
    }

    private String triple(List<Size> values, String absent) {
        return "Triple" + TemplateText.triple(last(values, 3, absent));
    }

    /** Those of the positions, filled up in front. */
    private List<String> last(List<Size> values, int count, String absent) {
        List<String> last = new ArrayList<>(Collections.nCopies(count - convolution.window().dims(), absent));
        values.subList(2, values.size()).forEach(value -> last.add(print(value)));
        return last;
    }

    /** @param positions the lambda's names for them, of which the last are the convolution's */
    private void epilogue(CppText out, List<String> positions) {
        Shape output = convolution.accumulator().shape();
        List<Symbol> variables = new ArrayList<>(List.of(Symbol.variable("b", output.get(0)), Symbol.variable("co", output.get(1))));
        for (int dim = 2; dim < output.rank(); dim++) {
            variables.add(Symbol.variable(positions.get(positions.size() - output.rank() + dim), output.get(dim)));
        }
        Map<Symbol, Size> names = new HashMap<>();
        for (int dim = 0; dim < output.rank(); dim++) {
            names.put(convolution.epilogue().variables().get(dim), variables.get(dim));
        }
        String parameters = positions.stream().map(position -> "[[maybe_unused]] int64_t " + position + ", ").collect(Collectors.joining());
        out.open("    [&]([[maybe_unused]] int64_t b, " + parameters
                + "[[maybe_unused]] int64_t co, auto sums, [[maybe_unused]] auto count) TOROID_INLINE_LAMBDA {");
        out.raw(TemplateText.epilogue(
                convolution.epilogue(), convolution.accumulator(), variables.get(1), variables, names, out.depth()));
        out.close("});");
    }
}
