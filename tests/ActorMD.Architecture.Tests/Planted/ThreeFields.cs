namespace ActorMD.Architecture.Tests.Planted;

/// <summary>Two properties and a parameter that it keeps are three fields; the constant is none.</summary>
internal sealed class ThreeFields(int kept)
{
    public const int Constant = 1;

    public int Property { get; init; }

    public int Other { get; init; }

    public int Sum() => kept + Property + Other;
}
