namespace ActorMD.Examples.Tests;

/// <summary>The tests of one example.</summary>
public interface IExample
{
    /// <summary>The example's file without its suffix.</summary>
    static abstract string Name { get; }
}
