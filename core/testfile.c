/* SPDX-License-Identifier: MIT */
/*
 * Test files: txtar archives as the reference's tests of traces have them (internal/trace/testtrace). They begin with a
 * comment, then come files, each after a line "-- NAME --". An archive has no mistakes as such; a test must have just
 * the files "expect" and "trace". What they hold is looked at only as far as struct gt_test tells of it: the regular
 * expression is checked to be quoted well, the trace not at all.
 */
#include "gotrace.h"

#include "buf.h"

#include <string.h>

/* A text being taken apart into lines. */
struct lines {
	struct gt_str left;
	uint64_t number; /* of the line taken last */
};

static bool
take_line(struct lines *l, struct gt_str *line)
{
	const char *end;

	if (l->left.n == 0)
		return false;
	end = memchr(l->left.p, '\n', l->left.n);
	*line = (struct gt_str){ l->left.p, end ? (size_t)(end - l->left.p) : l->left.n };
	l->left.p += line->n + (end != NULL);
	l->left.n -= line->n + (end != NULL);
	l->number++;
	return true;
}

/* --- the archive ----------------------------------------------------------- */

/* The name a marker line gives; empty where the line is none. */
static struct gt_str
marker_name(struct gt_str line)
{
	static const struct gt_str none = { "", 0 };

	if (line.n < 6 || memcmp(line.p, "-- ", 3) != 0 || memcmp(line.p + line.n - 3, " --", 3) != 0)
		return none;
	return gt_str_trim((struct gt_str){ line.p + 3, line.n - 6 });
}

/* A stretch of the archive: the comment or a file. */
struct part {
	struct gt_str body;
	uint64_t line; /* the first of it */
};

/* Takes all up to the next marker; the name of that, which is empty at the end. */
static struct gt_str
take_part(struct lines *l, struct part *part)
{
	struct gt_str line, name;

	*part = (struct part){ { l->left.p, 0 }, l->number + 1 };
	while (take_line(l, &line)) {
		name = marker_name(line);
		if (name.n > 0) {
			part->body.n = (size_t)(line.p - part->body.p);
			return name;
		}
	}
	part->body.n = (size_t)(l->left.p - part->body.p);
	return (struct gt_str){ "", 0 };
}

/*
 * Why there is no first file. A marker that a carriage return spoils is worth a word; the reference, too, takes it for
 * no marker.
 */
static bool
no_files(struct part comment, struct gt_text_error *err)
{
	struct lines l = { comment.body, 0 };
	struct gt_str line;

	while (take_line(&l, &line))
		if (line.n > 0 && line.p[--line.n] == '\r' && marker_name(line).n > 0)
			return gt_text_fail(err, l.number, line.n + 1, "a test must have plain line ends, without a "
				"carriage return");
	return gt_text_fail(err, 1, 1, "this is no test: it has no line \"-- expect --\"");
}

/* --- what is in it ---------------------------------------------------------- */

/* The line "model: NAME" of the comment. A second one is a mistake: nothing says which would count. */
static bool
read_comment(struct part comment, struct gt_test *out, struct gt_text_error *err)
{
	static const char key[] = "model:";
	const size_t n = sizeof(key) - 1;
	struct lines l = { comment.body, comment.line - 1 };
	struct gt_str line;

	while (take_line(&l, &line)) {
		if (line.n < n || memcmp(line.p, key, n) != 0)
			continue;
		if (out->model.n > 0)
			return gt_text_fail(err, l.number, 1, "the comment names a model for the second time");
		out->model = gt_str_trim((struct gt_str){ line.p + n, line.n - n });
		if (out->model.n == 0)
			return gt_text_fail(err, l.number, n + 1, "the name of a model is expected here");
	}
	return true;
}

/* The first line of "expect". The rest of it means nothing, and an empty file is a success: so does the reference. */
static bool
read_expect(struct part expect, struct gt_test *out, struct gt_text_error *err)
{
	struct lines l = { expect.body, expect.line - 1 };
	struct gt_str line, word;
	struct gt_buf pattern = { NULL, 0, 0 };
	char shown[GT_SHOWN];
	const char *space, *why;
	size_t at;

	if (!take_line(&l, &line))
		return true;
	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	space = line.n > 0 ? memchr(line.p, ' ', line.n) : NULL;
	word = (struct gt_str){ line.p, space ? (size_t)(space - line.p) : line.n };
	if (gt_str_is(word, "SUCCESS"))
		return true;
	if (!gt_str_is(word, "FAILURE"))
		return gt_text_fail(err, l.number, 1, "SUCCESS or FAILURE is expected here, not %s",
			gt_show(word, shown));
	if (!space)
		return gt_text_fail(err, l.number, line.n + 1, "a regular expression in quotes must follow FAILURE");
	out->fails = true;
	out->pattern = (struct gt_str){ space + 1, line.n - word.n - 1 };
	why = gt_unquote_why(out->pattern, &pattern, &at);
	gt_buf_free(&pattern);
	if (!why)
		return true;
	at += word.n + 1;
	word = (struct gt_str){ line.p + at, line.n - at };
	if (word.n == 0)
		return gt_text_fail(err, l.number, at + 1, "%s", why);
	return gt_text_fail(err, l.number, at + 1, "%s: %s", why, gt_show(word, shown));
}

bool
gt_test_read(const char *text, size_t n, struct gt_test *out, struct gt_text_error *err)
{
	struct lines l = { { n > 0 ? text : "", n }, 0 };
	struct part comment, expect, trace;
	struct gt_str name;
	char shown[GT_SHOWN];

	*out = (struct gt_test){ .model = { "", 0 }, .pattern = { "", 0 }, .trace = { "", 0 } };
	name = take_part(&l, &comment);
	if (name.n == 0)
		return no_files(comment, err);
	if (!gt_str_is(name, "expect"))
		return gt_text_fail(err, l.number, 4, "the first file of a test is \"expect\", not %s",
			gt_show(name, shown));
	name = take_part(&l, &expect);
	if (name.n == 0)
		return gt_text_fail(err, l.number, 1, "the test ends without a file \"trace\"");
	if (!gt_str_is(name, "trace"))
		return gt_text_fail(err, l.number, 4, "the second file of a test is \"trace\", not %s",
			gt_show(name, shown));
	name = take_part(&l, &trace);
	if (name.n > 0)
		return gt_text_fail(err, l.number, 4, "a test has two files, and this is a third: %s",
			gt_show(name, shown));
	out->trace = trace.body;
	out->trace_line = trace.line < UINT32_MAX ? (unsigned)trace.line : UINT32_MAX;
	return read_comment(comment, out, err) && read_expect(expect, out, err);
}
