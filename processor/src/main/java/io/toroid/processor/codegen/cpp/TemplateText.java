package io.toroid.processor.codegen.cpp;

import io.toroid.DType;
import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Layout;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.Scalar;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the writers of templates share: tile types, constants known at compile time, and epilogues as lambdas. */
final class TemplateText {

    private TemplateText() {
    }

    static String tile(DType dtype) {
        return "DefaultTile<" + CppTypes.element(dtype) + ">";
    }

    /** A size that is known becomes a type, so that the template is compiled for it. */
    static String constant(Size size, SizeWriter sizes) {
        return size.isConstant() ? "Constant<" + size.constant() + ">{}" : "int64_t{" + sizes.print(size) + "}";
    }

    /** Whether a convolution is one of images, which lines are too, for which there are ways of their own. */
    static boolean isOfImages(Loop.Window window) {
        return window.dims() <= 2 && !window.isTransposed();
    }

    /** Where the template of a convolution stands. */
    static String header(Loop.Window window) {
        return isOfImages(window) ? "toroid/convolution.h" : "toroid/volume_convolution.h";
    }

    /** The window of a convolution of images as a type. */
    static String shape(Loop.Window given, long groups) {
        Loop.Window window = given.in(2);
        return "Convolution2dShape<%d, %d, %d, %d, %d, %d, %d, %d, %d>".formatted(
                window.kernel().get(0), window.kernel().get(1), window.stride().get(0), window.stride().get(1),
                window.padding().get(0), window.padding().get(1), window.dilation().get(0), window.dilation().get(1), groups);
    }

    /** The window of another convolution as a value. */
    static String volumeKernel(Loop.Window given, long groups) {
        Loop.Window window = given.in(3);
        return "VolumeKernel{%s, %s, %s, %s, %d, %s}".formatted(triple(window.kernel()), triple(window.stride()), triple(window.padding()),
                triple(window.dilation()), groups, window.isTransposed());
    }

    /** Three numbers, or expressions. */
    static String triple(List<?> values) {
        return "{{%s, %s, %s}}".formatted(values.get(0), values.get(1), values.get(2));
    }

    static Set<Buffer> buffers(Loop.Template template) {
        Set<Buffer> buffers = new LinkedHashSet<>(template.inputs());
        buffers.addAll(template.outputs());
        return buffers;
    }

    /**
     * The statements of an epilogue.
     *
     * @param accumulator the buffer that stands for the sums, which are the C++ variable {@code sums}
     * @param lane the lambda's variable along which the sums lie
     * @param variables other variables of the lambda
     * @param names what the epilogue's variables are in terms of these
     */
    static String epilogue(
            Loop.Epilogue epilogue, Buffer accumulator, Symbol lane, List<Symbol> variables, Map<Symbol, Size> names, int depth) {
        Scope scope = new Scope(null, depth, /* barrier= */ true);
        scope.bind(lane);
        variables.forEach(scope::bind);
        scope.define(accumulator, new Scope.Value("sums", true, scope));
        ScalarWriter writer = new ScalarWriter(plainMemory(), SizeWriter.plain(), lane, scope, new int[] {0});
        List<Loop.Store> stores = new ArrayList<>();
        for (Loop.Store store : epilogue.stores()) {
            stores.add(new Loop.Store(store.target(),
                    store.indices().stream().map(index -> index.substitute(names)).toList(),
                    store.value().substitute(names)));
        }
        stores.forEach(store -> writer.store(store.target(), store.indices(), store.value()));
        return scope.text.toString();
    }

    /**
     * The statements that compute a vector, and return it.
     *
     * @param lane the lambda's variable along which its elements lie
     */
    static String vector(Scalar scalar, Symbol lane, List<Symbol> variables, Map<Symbol, Size> names, int depth) {
        Scope scope = new Scope(null, depth, /* barrier= */ true);
        scope.bind(lane);
        variables.forEach(scope::bind);
        ScalarWriter writer = new ScalarWriter(plainMemory(), SizeWriter.plain(), lane, scope, new int[] {0});
        String value = writer.vector(scalar.substitute(names));
        scope.text.line("return " + value + ";");
        return scope.text.toString();
    }

    private static ScalarWriter.Memory plainMemory() {
        return new ScalarWriter.Memory() {
            @Override
            public Layout layout(Buffer buffer) {
                return buffer.layout();
            }

            @Override
            public String pointer(Buffer buffer) {
                return buffer.name();
            }

            @Override
            public Set<Scope> filledIn(Buffer buffer) {
                return Set.of();
            }
        };
    }
}
