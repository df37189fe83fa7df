package io.toroid.processor.frontend;

import io.toroid.Spec;
import io.toroid.Tensor;
import io.toroid.op.TensorType;
import io.toroid.processor.diagnostic.Diagnostic;
import io.toroid.processor.diagnostic.Problem;
import io.toroid.processor.diagnostic.ProblemException;
import io.toroid.processor.model.Structure;
import io.toroid.shape.ShapeEnvironment;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Elements;

/** Reads what an entry returns: a tensor, a size, or records, arrays and lists of them. */
final class OutputParser {

    private static final String POSSIBLE = "an entry returns a Tensor, a Size, or records, arrays and lists of them";

    private final Elements elements;
    private final Annotations annotations;
    private final Reporter reporter;
    private final ShapeEnvironment environment;
    private final ExecutableElement method;
    private final Set<String> symbols = new LinkedHashSet<>();
    private final Set<TypeElement> open = new LinkedHashSet<>();

    OutputParser(
            Elements elements, Annotations annotations, Reporter reporter, ShapeEnvironment environment, ExecutableElement method) {
        this.elements = elements;
        this.annotations = annotations;
        this.reporter = reporter;
        this.environment = environment;
        this.method = method;
    }

    /** The dimensions that specs of outputs mention. */
    Set<String> symbols() {
        return symbols;
    }

    /** Empty if something was reported. */
    Optional<Structure> parse() {
        return parse(method, method.getReturnType(), "");
    }

    /**
     * @param element the method or the component of a record, with its annotations
     * @param where ", whose component a.b has the type X", or empty
     */
    private Optional<Structure> parse(Element element, TypeMirror type, String where) {
        if (JavaTypes.is(type, Tensor.class)) {
            return tensor(element);
        }
        Optional<TypeElement> declared = JavaTypes.record(type);
        if (!JavaTypes.is(type, Size.class) && declared.isEmpty() && JavaTypes.elements(type).isEmpty()) {
            return refuse(type.getKind() == TypeKind.VOID ? "nothing" : where.isEmpty() ? type.toString() : where, POSSIBLE);
        }
        if (Annotations.has(element, Spec.class)) {
            return refuse("%s with a @Spec".formatted(where.isEmpty() ? type : where), "only a single tensor has one here: take it away");
        }
        if (declared.isPresent()) {
            return record(declared.get());
        }
        return JavaTypes.elements(type).isPresent()
                ? sequence(element, JavaTypes.elements(type).get(), type, where)
                : Optional.of(new Structure.Leaf(Structure.Kind.SIZE));
    }

    private Optional<Structure> tensor(Element element) {
        Optional<AnnotationMirror> spec = Annotations.find(element, Spec.class);
        if (spec.isEmpty()) {
            return Optional.of(new Structure.Leaf(Structure.Kind.TENSOR));
        }
        List<String> texts = annotations.texts(spec.get(), "value");
        if (texts.size() != 1 || annotations.number(spec.get(), "count") != 1) {
            return refuse("one tensor with a @Spec of another number", "write one type");
        }
        try {
            TensorType type = SpecParser.parse(texts.getFirst(), environment);
            type.shape().sizes().stream().flatMap(size -> size.symbols().stream()).map(Symbol::name).forEach(symbols::add);
            Structure.Kind kind = type.shape().rank() == 0 ? Structure.Kind.VALUE : Structure.Kind.TENSOR;
            return Optional.of(new Structure.Leaf(kind, type.toString()));
        } catch (ProblemException e) {
            for (Problem problem : e.problems()) {
                reporter.report(element, spec.get(), "value", problem.message());
            }
            return Optional.empty();
        }
    }

    private Optional<Structure> record(TypeElement declared) {
        String name = declared.getSimpleName().toString();
        if (declared.getRecordComponents().isEmpty()) {
            return refuse("the record %s, which has no components".formatted(name), POSSIBLE);
        }
        if (!declared.getTypeParameters().isEmpty()) {
            return refuse("the record %s, which has type parameters".formatted(name), POSSIBLE);
        }
        if (!open.add(declared)) {
            return refuse("the record %s, which holds itself".formatted(name), "return a list of records instead");
        }
        List<Structure.Member> members = new ArrayList<>();
        for (RecordComponentElement component : declared.getRecordComponents()) {
            Optional<Structure> value = parse(component, component.asType(), "the record %s, whose component %s has the type %s"
                    .formatted(name, component.getSimpleName(), component.asType()));
            if (value.isEmpty()) {
                return Optional.empty();
            }
            members.add(new Structure.Member(component.getSimpleName().toString(), value.get()));
        }
        open.remove(declared);
        return Optional.of(new Structure.Group(elements.getBinaryName(declared).toString(), name, members));
    }

    private Optional<Structure> sequence(Element element, JavaTypes.Elements sequence, TypeMirror type, String where) {
        if (!JavaTypes.is(sequence.type(), Tensor.class) && JavaTypes.record(sequence.type()).isEmpty()) {
            return refuse(where.isEmpty() ? type.toString() : where, "arrays and lists hold tensors, or records of them");
        }
        return parse(element, sequence.type(), where).map(value -> new Structure.Many(sequence.isList(), value));
    }

    private Optional<Structure> refuse(String what, String hint) {
        reporter.report(method, Diagnostic.ENTRY_RETURN_TYPE, method.getSimpleName(), what, hint);
        return Optional.empty();
    }
}
