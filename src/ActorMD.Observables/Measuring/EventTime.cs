namespace ActorMD.Observables.Measuring;

/// <summary>Simulation time of an event since the beginning of the run.</summary>
internal static class EventTime
{
    public static double Of(long epoch, double offset, double epochLength) => epoch == 0 ? offset : epoch * epochLength + offset;
}
