using FsCheck;
using FsCheck.Fluent;

namespace ActorMD.Engine.Tests.Properties;

/// <summary>Properties with fixed seeds: a test that fails fails every time.</summary>
internal static class Properties
{
    /// <summary>Checks a property of many random inputs.</summary>
    /// <param name="inputs">Makes them.</param>
    /// <param name="count">How many.</param>
    /// <param name="check">Throws if an input does not have the property.</param>
    public static void Hold<T>(Gen<T> inputs, int count, Action<T> check) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(20261129, 1), Prop.ForAll(inputs.ToArbitrary(), check));

    /// <summary>Numbers between two limits, often at the limits or close to them.</summary>
    public static Gen<double> Between(double low, double high) => Gen.OneOf(
        Gen.Choose(0, int.MaxValue).Select(n => low + (high - low) * (n / (double)int.MaxValue)),
        Gen.Elements(low, high, Math.BitDecrement(high), 0.5 * (low + high), low + 1e-9 * (high - low)));

    /// <summary>Numbers that differ by orders of magnitude, of both signs.</summary>
    public static Gen<double> Scaled(double high) =>
        from sign in Gen.Elements(-1.0, 1.0)
        from power in Between(-12, 0)
        select sign * high * Math.Pow(10, power);
}
