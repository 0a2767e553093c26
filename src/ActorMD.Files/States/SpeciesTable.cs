using System.Collections.Immutable;
using System.Globalization;
using static System.FormattableString;

namespace ActorMD.Files.States;

/// <summary>
/// The species of a whole file in the order of their first appearance: a name, a type number, or both. One table for all frames, so that
/// neither changes from frame to frame.
/// </summary>
internal sealed class SpeciesTable
{
    private const string OnlySpecies = "1";

    private readonly List<string> _names = [];
    private readonly List<int?> _numbers = [];
    private readonly Dictionary<string, int> _ofName = [];
    private readonly Dictionary<int, int> _ofNumber = [];

    public ImmutableArray<string> Names => [.. _names];

    /// <summary>The type number of each species; default where the file gives none.</summary>
    public ImmutableArray<int> Numbers
    {
        get
        {
            if (_names.Count > 0 && _numbers.TrueForAll(number => number is not null))
            {
                return [.. _numbers.Select(number => number!.Value)];
            }

            int[] numbers = [.. _names.Select(name => NumberOf(name) ?? 0)];
            return numbers.Length > 0 && !numbers.Contains(0) && numbers.Distinct().Count() == numbers.Length ? [.. numbers] : default;
        }
    }

    /// <summary>A whole number above 0 without sign and leading zeros; null for other texts.</summary>
    public static int? NumberOf(string text) =>
        text.Length > 0 && text[0] != '0'
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    /// <summary>Index of a species; -1, and what is wrong, when its number was given with another name before.</summary>
    public int IndexOf(string? name, int? number, out string? problem)
    {
        problem = null;
        if (number is int key)
        {
            if (_ofNumber.TryGetValue(key, out int known))
            {
                if (name is null || _names[known] == name)
                {
                    return known;
                }

                problem = Invariant($"the type {key} has the name '{name}' here and '{_names[known]}' before");
                return -1;
            }

            _ofNumber.Add(key, _names.Count);
            return Add(name ?? key.ToString(CultureInfo.InvariantCulture), key);
        }

        name ??= OnlySpecies;
        if (!_ofName.TryGetValue(name, out int index))
        {
            index = Add(name, null);
            _ofName.Add(name, index);
        }

        return index;
    }

    private int Add(string name, int? number)
    {
        _names.Add(name);
        _numbers.Add(number);
        return _names.Count - 1;
    }
}
