using System.Collections.Immutable;
using ActorMD.Files.Inputs;
using ActorMD.Files.States;

namespace ActorMD.Files.Cases;

/// <summary>What became of reading a case file.</summary>
/// <param name="Case">The validated case; null when there is a fault.</param>
/// <param name="Faults">Everything that is wrong.</param>
/// <param name="Warnings">What is allowed but probably not meant.</param>
/// <param name="Frame">The particles of <c>initial.positions.file</c>, checked against the case; null for other methods.</param>
public sealed record CaseLoad(
    Case? Case, ImmutableArray<InputFault> Faults, ImmutableArray<InputFault> Warnings, ParticleFrame? Frame = null);
