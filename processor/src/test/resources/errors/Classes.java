package errors;

import io.toroid.*;

public class Classes {

    @Model // error: [TOROID-101] @Model marks a class, not an interface; make AnInterface an ordinary class
    public interface AnInterface {
    }

    @Model // error: [TOROID-101] @Model marks a class, not a record; make ARecord an ordinary class
    public record ARecord(int a) {
    }

    @Model
    static class NotPublic { // error: [TOROID-102] the model NotPublic is not public, so the compiler cannot construct it; make the class, and every class around it, public
        public NotPublic() {
        }

        @Entry
        public Tensor id(@Spec("f32[3]") Tensor a) {
            return a;
        }
    }

    @Model
    public abstract static class AnAbstractOne { // error: [TOROID-103] the model AnAbstractOne is abstract; mark a concrete class instead
        @Entry
        public abstract Tensor id(@Spec("f32[3]") Tensor a); // error: [TOROID-202] the entry id is abstract; make it a public instance method without type parameters
    }

    @Model
    public class Inner { // error: [TOROID-104] the model Inner is an inner class, which needs an instance of its outer class; make it static
        @Entry
        public Tensor id(@Spec("f32[3]") Tensor a) {
            return a;
        }
    }

    @Model
    public static class Generic<T> { // error: [TOROID-105] the model Generic has type parameters; mark a class without them, such as a subclass
        @Entry
        public Tensor id(@Spec("f32[3]") Tensor a) {
            return a;
        }
    }

    @Model
    public static class NoConstructor { // error: [TOROID-106] the model NoConstructor has no public constructor without parameters; add one
        public NoConstructor(int layers) {
        }

        @Entry
        public Tensor id(@Spec("f32[3]") Tensor a) {
            return a;
        }
    }

    @Model
    public static class NoEntries { // error: [TOROID-107] the model NoEntries has no entry; mark the method to compile with @Entry
    }

    @Model(facade = "not a name") // error: [TOROID-108] the façade of BadFacade cannot be named "not a name"; give the simple name of a class
    public static class BadFacade {
        @Entry
        public Tensor id(@Spec("f32[3]") Tensor a) {
            return a;
        }
    }

    @Model(facade = "Twin")
    public static class First {
        @Entry
        public Tensor id(@Spec("f32[3]") Tensor a) {
            return a;
        }
    }

    @Model(facade = "Twin") // error: [TOROID-109] the models errors.Classes.First and errors.Classes.Second would both get the façade errors.Twin; give one another name with @Model(facade = "...")
    public static class Second {
        @Entry
        public Tensor id(@Spec("f32[3]") Tensor a) {
            return a;
        }
    }

    public static class NoModel {
        @Entry
        public Tensor id(@Spec("f32[3]") Tensor a) { // error: [TOROID-201] @Entry has no effect here: NoModel is not a @Model; mark the class with @Model
            return a;
        }
    }
}
