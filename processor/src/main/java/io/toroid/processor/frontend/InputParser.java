package io.toroid.processor.frontend;

import io.toroid.DType;
import io.toroid.Spec;
import io.toroid.Tensor;
import io.toroid.op.TensorType;
import io.toroid.processor.diagnostic.Diagnostic;
import io.toroid.processor.diagnostic.Problem;
import io.toroid.processor.diagnostic.ProblemException;
import io.toroid.processor.model.InputDescriptor;
import io.toroid.processor.model.Structure;
import io.toroid.processor.model.TensorSpec;
import io.toroid.shape.ShapeEnvironment;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Elements;

/** Reads the parameters of one entry: tensors and sizes, and the records, arrays and lists that hold them. */
final class InputParser {

    /** More are a mistake; fewer could still be. */
    private static final int MAX_COUNT = 4096;

    private final Elements elements;
    private final Annotations annotations;
    private final Reporter reporter;
    private final ShapeEnvironment environment;
    private final List<InputDescriptor> inputs = new ArrayList<>();
    private final List<Size> sizes = new ArrayList<>();
    private final Set<Symbol> given = new LinkedHashSet<>();
    /** Records that are being read, to notice those that hold themselves. */
    private final Set<TypeElement> open = new LinkedHashSet<>();

    InputParser(Elements elements, Annotations annotations, Reporter reporter, ShapeEnvironment environment) {
        this.elements = elements;
        this.annotations = annotations;
        this.reporter = reporter;
        this.environment = environment;
    }

    /** Tensors and sizes so far, in order. */
    List<InputDescriptor> inputs() {
        return inputs;
    }

    /** All sizes of all tensors so far. */
    List<Size> sizes() {
        return sizes;
    }

    /** The symbols that inputs give the value of. */
    Set<Symbol> given() {
        return given;
    }

    /** Empty if something was reported. */
    Optional<Structure> parse(VariableElement parameter) {
        return parse(parameter, parameter.asType(), parameter.getSimpleName().toString());
    }

    /** @param element the parameter or the component of a record, with its annotations */
    private Optional<Structure> parse(Element element, TypeMirror type, String name) {
        if (JavaTypes.is(type, Tensor.class)) {
            return specs(element, name, 1).map(specs -> tensor(name, specs.getFirst()));
        }
        if (JavaTypes.is(type, Size.class)) {
            return size(element, name);
        }
        Optional<TypeElement> declared = JavaTypes.record(type);
        if (declared.isPresent()) {
            return record(element, declared.get(), name);
        }
        Optional<JavaTypes.Elements> sequence = JavaTypes.elements(type);
        return sequence.isPresent() ? sequence(element, type, sequence.get(), name) : refuse(element, type, name);
    }

    // ---- tensors and sizes

    private Structure tensor(String name, TensorType type) {
        sizes.addAll(type.shape().sizes());
        InputDescriptor input = new InputDescriptor(name, specOf(type));
        inputs.add(input);
        return new Structure.Leaf(input.kind());
    }

    /** A size is called as the parameter or component that holds it. */
    private Optional<Structure> size(Element element, String name) {
        String symbol = element.getSimpleName().toString();
        Optional<Symbol> declared = environment.find(symbol);
        if (declared.isEmpty()) {
            reporter.report(element, Diagnostic.SIZE_UNDECLARED, name, symbol);
            return Optional.empty();
        }
        if (Annotations.has(element, Spec.class)) {
            return refuseSpec(element, name, "it is a size, whose range its @Dim has", "take it away");
        }
        given.add(declared.get());
        inputs.add(new InputDescriptor(name, new TensorSpec(DType.I64, List.of()), Optional.of(symbol)));
        return Optional.of(new Structure.Leaf(Structure.Kind.SIZE));
    }

    /** As many types as there are tensors; empty if something was reported. */
    private Optional<List<TensorType>> specs(Element element, String name, int tensors) {
        Optional<AnnotationMirror> spec = Annotations.find(element, Spec.class);
        if (spec.isEmpty()) {
            reporter.report(element, Diagnostic.SPEC_MISSING, name);
            return Optional.empty();
        }
        List<String> texts = annotations.texts(spec.get(), "value");
        if (texts.size() != 1 && texts.size() != tensors) {
            return refuseSpec(element, name, "it has %d types, and %s is one tensor".formatted(texts.size(), name), "write one");
        }
        try {
            List<TensorType> types = new ArrayList<>();
            for (String text : texts) {
                types.add(SpecParser.parse(text, environment));
            }
            return Optional.of(types.size() == tensors ? types : Collections.nCopies(tensors, types.getFirst()));
        } catch (ProblemException e) {
            for (Problem problem : e.problems()) {
                reporter.report(element, spec.get(), "value", problem.message());
            }
            return Optional.empty();
        }
    }

    static TensorSpec specOf(TensorType type) {
        return new TensorSpec(type.dtype(), type.shape().sizes().stream().map(Size::toString).toList());
    }

    // ---- records

    private Optional<Structure> record(Element element, TypeElement declared, String name) {
        if (Annotations.has(element, Spec.class) && JavaTypes.record(element.asType()).isPresent()) {
            return refuseSpec(element, name, "%s is a record".formatted(name), "write it at the tensors in it");
        }
        if (!declared.getTypeParameters().isEmpty()) {
            return refuseRecord(element, name, declared, "which has type parameters", "use a record without them");
        }
        if (declared.getRecordComponents().isEmpty()) {
            return refuseRecord(element, name, declared, "which has no components", "give it a tensor, or leave it out");
        }
        if (!open.add(declared)) {
            return refuseRecord(element, name, declared, "which holds itself", "say how deep it is by records of their own");
        }
        List<Structure.Member> members = new ArrayList<>();
        for (RecordComponentElement component : declared.getRecordComponents()) {
            String member = component.getSimpleName().toString();
            parse(component, component.asType(), name + "." + member).ifPresent(value -> members.add(new Structure.Member(member, value)));
        }
        open.remove(declared);
        return members.size() < declared.getRecordComponents().size() ? Optional.empty() : Optional.of(
                new Structure.Group(elements.getBinaryName(declared).toString(), declared.getSimpleName().toString(), members));
    }

    // ---- arrays and lists

    private Optional<Structure> sequence(Element element, TypeMirror type, JavaTypes.Elements sequence, String name) {
        boolean tensors = JavaTypes.is(sequence.type(), Tensor.class);
        Optional<TypeElement> declared = JavaTypes.record(sequence.type());
        if (!tensors && declared.isEmpty()) {
            return refuse(element, type, name);
        }
        Optional<Integer> count = count(element, name, tensors);
        if (count.isEmpty()) {
            return Optional.empty();
        }
        List<Structure> values = new ArrayList<>();
        if (tensors) {
            specs(element, name, count.get()).ifPresent(types -> types.forEach(
                    one -> values.add(tensor(name + "." + values.size(), one))));
        } else {
            for (int i = 0; i < count.get(); i++) {
                record(element, declared.get(), name + "." + i).ifPresent(values::add);
            }
        }
        return values.size() < count.get() ? Optional.empty() : Optional.of(new Structure.Sequence(sequence.isList(), values));
    }

    private Optional<Integer> count(Element element, String name, boolean tensors) {
        Optional<AnnotationMirror> spec = Annotations.find(element, Spec.class);
        if (spec.isEmpty()) {
            return refuseSpec(element, name, "it is missing, so %s has no length".formatted(name),
                    tensors ? "write @Spec(value = \"f32[batch, 64]\", count = 3), or a type for each element" : "write @Spec(count = 3)");
        }
        int types = annotations.texts(spec.get(), "value").size();
        long count = annotations.number(spec.get(), "count");
        if (!tensors && types > 0) {
            return refuseSpec(element, name, "the elements of %s are records".formatted(name), "write types at their components, and the count here");
        }
        if (tensors && types == 0) {
            return refuseSpec(element, name, "it has no type", "write @Spec(value = \"f32[batch, 64]\", count = 3), or a type for each element");
        }
        if (types > 1 && count != 1) {
            return refuseSpec(element, name, "it has %d types and the count %d".formatted(types, count), "write one type and a count, or a type for each element");
        }
        if (count < 1 || count > MAX_COUNT) {
            return refuseSpec(element, name, "the count is %d".formatted(count), "write 1 to %d".formatted(MAX_COUNT));
        }
        return Optional.of(Math.max(types, (int) count));
    }

    // ---- messages

    private <T> Optional<T> refuse(Element element, TypeMirror type, String name) {
        if (JavaTypes.isValue(type)) {
            reporter.report(element, Diagnostic.ENTRY_PARAMETER_VALUE, name, type, instead(type, element.getSimpleName().toString()));
        } else {
            reporter.report(element, Diagnostic.ENTRY_PARAMETER_TYPE, name, type);
        }
        return Optional.empty();
    }

    private static String instead(TypeMirror type, String name) {
        String text = type.toString().toLowerCase(java.util.Locale.ROOT);
        String fixed = "what never changes is a field of the model";
        if (text.endsWith("double") || text.endsWith("float") || text.endsWith("number")) {
            return "write @Spec(\"%s[]\") Tensor %s; %s".formatted(text.endsWith("float") ? "f32" : "f64", name, fixed);
        }
        if (text.endsWith("boolean")) {
            return "write @Spec(\"bool[]\") Tensor %s; %s".formatted(name, fixed);
        }
        return "write io.toroid.shape.Size %s with a @Dim of that name, or @Spec(\"i64[]\") Tensor %s if it is no size; %s".formatted(name, name, fixed);
    }

    private <T> Optional<T> refuseRecord(Element element, String name, TypeElement declared, String why, String hint) {
        reporter.report(element, Diagnostic.ENTRY_PARAMETER_RECORD, name, declared.getSimpleName(), why, hint);
        return Optional.empty();
    }

    private <T> Optional<T> refuseSpec(Element element, String name, String why, String hint) {
        reporter.report(element, Diagnostic.SPEC_COUNT, name, why, hint);
        return Optional.empty();
    }
}
