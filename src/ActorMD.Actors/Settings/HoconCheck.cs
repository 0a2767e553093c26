using ActorMD.Files.Inputs;

namespace ActorMD.Actors.Settings;

/// <summary>Looks through a text in HOCON before Akka.NET's parser does.</summary>
/// <remarks>
/// That parser (1.5) takes ever more memory, without end, over a mark in a list that no value begins with; it recurses as deep as a text is
/// nested; and it ignores what follows a bracket too many, or takes what a missing one leaves. Each is refused here.
/// </remarks>
internal static class HoconCheck
{
    // Far more than any settings need, far fewer than a stack holds.
    private const int DepthMax = 64, DotsMax = 64;

    private const string NotInLists = ":=`^?!@*&\\$";

    /// <exception cref="InputFaultException">The parser must not see the text.</exception>
    public static void Check(string path, string text)
    {
        Stack<char> open = new();
        int line = 1, dots = 0;
        for (int k = 0; k < text.Length; k++)
        {
            char c = text[k];
            line += c == '\n' ? 1 : 0;
            dots = c == '.' ? dots + 1 : "=:,{}[]".Contains(c) ? 0 : dots; // a path may have blanks, remarks and new lines between its dots
            bool isInList = open.TryPeek(out char last) && last == '[';
            if (c == '#' || At(text, k, "//"))
            {
                int end = text.IndexOf('\n', k);
                k = (end < 0 ? text.Length : end) - 1;
            }
            else if (c == '"')
            {
                int end = EndOfString(text, k);
                if (end < 0)
                {
                    throw Fault(path, line, "a quotation mark is not closed", "close it");
                }

                line += text.AsSpan(k, end - k).Count('\n');
                k = end - 1;
            }
            else if (At(text, k, "${"))
            {
                int end = text.IndexOf('}', k);
                if (end < 0)
                {
                    throw Fault(path, line, "'${' is not closed", "write ${path.of.another.setting}");
                }

                line += text.AsSpan(k, end - k).Count('\n');
                k = end;
            }
            else if (c is '{' or '[')
            {
                open.Push(c);
            }
            else if (c is '}' or ']' && (open.Count == 0 || isInList != (c == ']')))
            {
                throw Fault(path, line, $"'{c}' closes nothing that is open there", "look for one too many, or one that is missing before");
            }
            else if (c is '}' or ']')
            {
                open.Pop();
            }
            else if (isInList && NotInLists.Contains(c))
            {
                throw Fault(path, line, $"'{c}' cannot stand in a list", "put quotation marks around the value");
            }

            if (open.Count > DepthMax || dots > DotsMax)
            {
                throw Fault(path, line, "it is nested too deeply", $"at most {DepthMax} brackets, {DotsMax} dots in a path");
            }
        }

        if (open.TryPeek(out char missing))
        {
            throw Fault(path, line, $"'{missing}' is not closed", "look for a bracket that is missing");
        }
    }

    // Behind the closing mark, or -1.
    private static int EndOfString(string text, int start)
    {
        const string Triple = "\"\"\"";
        string mark = At(text, start, Triple) ? Triple : "\"";
        for (int k = start + mark.Length; k < text.Length; k++)
        {
            if (text[k] == '\\')
            {
                k++;
            }
            else if (At(text, k, mark))
            {
                return k + mark.Length;
            }
        }

        return -1;
    }

    private static bool At(string text, int index, string part) => string.CompareOrdinal(text, index, part, 0, part.Length) == 0;

    private static InputFaultException Fault(string path, int line, string problem, string remedy) =>
        new(new InputFault(path, line, null, problem, remedy));
}
