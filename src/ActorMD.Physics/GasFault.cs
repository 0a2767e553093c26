namespace ActorMD.Physics;

/// <summary>Why a gas cannot be simulated.</summary>
/// <param name="Subject">
/// The value at fault, by the names of a case file with list indices from 0: <c>species[0].mass</c>, <c>zones[1].distance</c>,
/// <c>box.lengths[2]</c>.
/// </param>
/// <param name="Problem">What is wrong: one clause.</param>
/// <param name="Remedy">What would be right: one clause.</param>
public sealed record GasFault(string Subject, string Problem, string Remedy);
