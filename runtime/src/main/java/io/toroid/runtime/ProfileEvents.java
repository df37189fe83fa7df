package io.toroid.runtime;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * The calls of a model and their kernels as events of the JDK Flight Recorder. Calls cost nothing more for that: what the library has
 * recorded is read ten times a second while a recording runs, and when it ends.
 */
final class ProfileEvents implements AutoCloseable, FlightRecorderListener {

    @Name("io.toroid.Kernel")
    @Label("Toroid Kernel")
    @Category("Toroid")
    @Description("A kernel of a compiled model ran")
    @StackTrace(false)
    @Period("everyChunk")
    private static final class KernelEvent extends Event {
        @Label("Model") String model;
        @Label("Entry") String entry;
        @Label("Kernel") String kernel;
        @Label("Operators") @Description("What the model's author called") String operators;
        @Label("Lines") @Description("Of the model's source") String lines;
        @Label("Call") @Description("The number of the call that it was a part of") long call;
        @Label("Native Thread") long nativeThread;
        @Label("Start") @Description("As System.nanoTime") long start;
        @Label("Time") @Timespan(Timespan.NANOSECONDS) long time;
        @Label("Bytes") @Description("Read and written") @DataAmount long bytes;
        @Label("Operations") @Description("Of floating-point numbers") long operations;
    }

    @Name("io.toroid.Call")
    @Label("Toroid Call")
    @Category("Toroid")
    @Description("An entry of a compiled model was called")
    @StackTrace(false)
    @Period("100 ms")
    private static final class CallEvent extends Event {
        @Label("Model") String model;
        @Label("Entry") String entry;
        @Label("Call") long call;
        @Label("Native Thread") long nativeThread;
        @Label("Start") @Description("As System.nanoTime") long start;
        @Label("Time") @Timespan(Timespan.NANOSECONDS) long time;
    }

    private final ProfileSource source;
    /** One for each type of event, as the recorder demands: kernels are read at the ends of a recording, calls now and then. */
    private final List<Runnable> hooks = List.of(() -> emit(), () -> emit());
    /** Held while the recorder is asked: it calls the hooks with its lock held, so they must not wait for whoever asks. */
    private final Object following = new Object();
    private final Map<Long, List<Profile.Run>> open = new HashMap<>();
    private ProfileSource.Recording recording;

    /** From now on, until it is closed. */
    ProfileEvents(ProfileSource source) {
        this.source = source;
        if (FlightRecorder.isInitialized()) {
            follow();
            emitLoading();
        }
        FlightRecorder.addListener(this);
        FlightRecorder.addPeriodicEvent(KernelEvent.class, hooks.getFirst());
        FlightRecorder.addPeriodicEvent(CallEvent.class, hooks.getLast());
    }

    /** A runtime image may have been made without the recorder. */
    static boolean isAvailable() {
        return ModuleLayer.boot().findModule("jdk.jfr").isPresent() && FlightRecorder.isAvailable();
    }

    @Override
    public void recordingStateChanged(Recording changed) {
        follow();
    }

    private void follow() {
        synchronized (following) {
            follow(FlightRecorder.getFlightRecorder().getRecordings().stream().anyMatch(each -> each.getState() == RecordingState.RUNNING));
        }
    }

    /** What was recorded before the first recording began is no part of it. */
    private synchronized void follow(boolean runs) {
        if (!runs) {
            recording = null;
        } else if (recording == null) {
            open.clear();
            recording = source.begin();
        }
    }

    private synchronized void emit() {
        if (recording == null) {
            return;
        }
        source.more(recording, open).forEach(this::emit);
    }

    /** In a recording that runs already when the model is loaded. */
    private synchronized void emitLoading() {
        if (recording != null) {
            source.loading().forEach(this::emit);
        }
    }

    private void emit(Profile.Call call) {
        call.runs().forEach(run -> emit(call, run));
        CallEvent event = new CallEvent();
        event.model = source.model();
        event.entry = call.entry();
        event.call = call.number();
        event.nativeThread = call.thread();
        event.start = call.start();
        event.time = call.nanoseconds();
        event.commit();
    }

    private void emit(Profile.Call call, Profile.Run run) {
        KernelEvent event = new KernelEvent();
        event.model = source.model();
        event.entry = call.entry();
        event.kernel = run.place().kernel();
        event.operators = run.place().operators();
        event.lines = run.place().lines();
        event.call = call.number();
        event.nativeThread = call.thread();
        event.start = run.start();
        event.time = run.nanoseconds();
        event.bytes = run.bytes();
        event.operations = run.operations();
        event.commit();
    }

    /** What has not been read yet becomes events now. */
    @Override
    public void close() {
        hooks.forEach(FlightRecorder::removePeriodicEvent);
        FlightRecorder.removeListener(this);
        emit();
    }
}
