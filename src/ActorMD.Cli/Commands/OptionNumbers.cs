using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using ActorMD.Files.Inputs;

namespace ActorMD.Cli.Commands;

/// <summary>Numbers in the values of options. What is wrong is noted, so that all of it is told at once.</summary>
internal static class OptionNumbers
{
    /// <summary>A whole number, perhaps as 1e5; null if it was not given, or is not possible.</summary>
    /// <param name="option">Whose value it is.</param>
    /// <param name="text">As given; null: not at all.</param>
    /// <param name="least">Smallest one.</param>
    /// <param name="most">Largest one.</param>
    /// <param name="faults">Gets what is wrong.</param>
    public static long? Whole(Option option, string? text, long least, long most, List<InputFault> faults)
    {
        if (text is null)
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && number >= least && number <= most && Math.Floor(number) == number)
        {
            return (long)number;
        }

        faults.Add(new InputFault(
            option.Name, null, null, $"'{text}' is not possible", FormattableString.Invariant($"give a whole number, at least {least}")));
        return null;
    }

    /// <summary>The same up to the largest 32-bit number.</summary>
    public static int? Whole(Option option, string? text, int least, List<InputFault> faults) =>
        (int?)Whole(option, text, least, int.MaxValue, faults);

    /// <summary>Numbers above 0, separated by commas; null if they were not given.</summary>
    public static ImmutableArray<double>? Positive(Option option, string? text, List<InputFault> faults)
    {
        if (text is null)
        {
            return null;
        }

        List<double> numbers = [];
        foreach (string part in text.Split(','))
        {
            if (double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
                && number > 0)
            {
                numbers.Add(number);
            }
            else
            {
                faults.Add(new InputFault(option.Name, null, null, $"'{part}' is not possible", "give a number above 0, for example 0.1"));
            }
        }

        return [.. numbers.DefaultIfEmpty(1)];
    }
}
