namespace ActorMD.Files.RunFolders;

/// <summary>How the work of the last session was shared. No result depends on it.</summary>
/// <param name="Workers">Threads that really worked.</param>
/// <param name="Nodes">Processes.</param>
/// <param name="Blocks">The grid of blocks of the domains, <c>2x1x1</c>.</param>
/// <param name="Slices">Stretches of time that were shared.</param>
/// <param name="VoidSlices">Those among them that had to be done again.</param>
/// <param name="EventsTwice">Share of all simulated events that were simulated a second time; null where nothing is shared.</param>
/// <param name="RolledBack">Share of all simulated events that were rolled back; null where nothing is shared.</param>
/// <param name="BytesSent">Between nodes.</param>
/// <param name="Method">
/// <c>slices</c>: time slices are shared, each event is run once; <c>slices and alone</c>: at times one domain has computed all; null where
/// nothing is shared.
/// </param>
/// <param name="Reason">Why no more workers had work; null: all that were asked for had.</param>
public sealed record SharingSummary(
    int Workers, int Nodes, string Blocks, long Slices, long VoidSlices, double? EventsTwice, double? RolledBack, long BytesSent,
    string? Method, string? Reason);
