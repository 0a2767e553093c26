namespace ActorMD.Studies.Hierarchy;

/// <summary>Random draws in blocks, each a pure function of its number: any thread can do any of them, now or after a restart.</summary>
/// <param name="Name">Unique in a session, with no blank.</param>
/// <param name="Noun">What is drawn, in the progress.</param>
/// <param name="Count">Blocks.</param>
/// <param name="Draw">The sums of one block.</param>
internal sealed record BlockWork(string Name, string Noun, int Count, Func<int, double[]> Draw);

/// <summary>How far a session is.</summary>
/// <param name="Noun">What is being drawn.</param>
/// <param name="Fraction">Share of all draws that are done, 0 to 1.</param>
/// <param name="SecondsLeft">Wall time to the end at the present speed; null before anything is known.</param>
public sealed record WorkPace(string Noun, double Fraction, double? SecondsLeft);
