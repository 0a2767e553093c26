namespace ActorMD.Engine.Regions;

/// <summary>A region could not be run to the end.</summary>
/// <param name="Time">When: offset in the epoch.</param>
/// <param name="Message">What happened.</param>
public sealed record RegionViolation(double Time, string Message);
