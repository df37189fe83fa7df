package io.toroid.processor.frontend;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/** What the types in an entry's signature are to us. */
final class JavaTypes {

    private static final Set<String> BOXES = Set.of("java.lang.Long", "java.lang.Integer", "java.lang.Short", "java.lang.Byte",
            "java.lang.Double", "java.lang.Float", "java.lang.Boolean", "java.lang.Number");

    private JavaTypes() {
    }

    /** The elements of an array or a {@code java.util.List}. */
    record Elements(boolean isList, TypeMirror type) {
    }

    static boolean is(TypeMirror type, Class<?> wanted) {
        return element(type).filter(element -> element.getQualifiedName().contentEquals(wanted.getName())).isPresent();
    }

    /** The record that a type is. */
    static Optional<TypeElement> record(TypeMirror type) {
        return element(type).filter(element -> element.getKind() == ElementKind.RECORD);
    }

    static Optional<Elements> elements(TypeMirror type) {
        if (type instanceof ArrayType array) {
            return Optional.of(new Elements(/* isList= */ false, array.getComponentType()));
        }
        return is(type, List.class) && ((DeclaredType) type).getTypeArguments().size() == 1
                ? Optional.of(new Elements(/* isList= */ true, ((DeclaredType) type).getTypeArguments().getFirst()))
                : Optional.empty();
    }

    /** A number or a truth value, boxed or not. */
    static boolean isValue(TypeMirror type) {
        return type.getKind().isPrimitive()
                || element(type).filter(element -> BOXES.contains(element.getQualifiedName().toString())).isPresent();
    }

    /** Whether it, or what it holds, does not exist. */
    static boolean isUnresolved(TypeMirror type) {
        return type.getKind() == TypeKind.ERROR || elements(type).filter(elements -> isUnresolved(elements.type())).isPresent();
    }

    private static Optional<TypeElement> element(TypeMirror type) {
        return type.getKind() == TypeKind.DECLARED
                ? Optional.of((TypeElement) ((DeclaredType) type).asElement()) : Optional.empty();
    }
}
