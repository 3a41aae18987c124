#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0
#
# relay.pl DIR SECONDS QEMU-PID: the host's end of the three ports of init.sh.
# Passes CMD's bytes on as they come and, when init.sh says how many there were
# and all have arrived, lets the VM go. Whatever ends it, it ends QEMU too.
# Leaves one line in DIR/result: "done STATUS", "fail", "timeout", "pipe" (no one
# reads our output any more) or "stuck"; no file when the VM ended by itself.
use strict;
use warnings;
use Errno qw(EAGAIN EINTR EPIPE EBADF);
use Fcntl;

my ($dir, $seconds, $qemu) = @ARGV;
my $grace = 30;    # from CMD's end to power off
my ($ended, $late, $finished) = (0, 0, 0);

# Read and write, so that opening never blocks and the end of a writer is no event.
sub fifo {
	my $name = shift;
	sysopen(my $f, "$dir/$name", O_RDWR | O_NONBLOCK) or die "relay.pl: $dir/$name: $!\n";
	return $f;
}

sub result {
	open(my $f, '>', "$dir/result") or die "relay.pl: $dir/result: $!\n";
	print $f "@_\n";
	close($f) or die "relay.pl: $dir/result: $!\n";
}

sub quit {
	result(@_);
	kill('KILL', $qemu);
	exit 0;
}

sub late {
	$finished ? (warn("vm: the VM did not power off\n"), quit('stuck')) : quit('timeout');
}

$SIG{PIPE} = 'IGNORE';
$SIG{TERM} = sub { $ended = 1 };
$SIG{ALRM} = sub { $late = 1 };
alarm($seconds);

my %in = map { $_ => fifo($_) } qw(out err ctl.out);
my $back = fifo('ctl.in');
my %to = (out => \*STDOUT, err => \*STDERR);
my %count = (out => 0, err => 0);
my ($lines, $said) = ('', undef);

# All of it, also to a pipe that someone else made non-blocking.
sub put {
	my ($to, $data) = @_;
	my $off = 0;
	while ($off < length $data) {
		late() if $late;
		my $n = syswrite($to, $data, length($data) - $off, $off);
		if (defined $n) { $off += $n; next }
		next if $! == EINTR;
		return if $! == EBADF;    # closed from the start: as good as /dev/null
		quit('pipe') if $! == EPIPE;
		if ($! == EAGAIN) {
			my $w = '';
			vec($w, fileno($to), 1) = 1;
			select(undef, $w, undef, 1);
			next;
		}
		warn("vm: cannot write what CMD printed: $!\n");
		quit('fail');
	}
}

sub bye {
	$finished = 1;
	alarm($grace);
	syswrite($back, "bye\n");
}

# Some of what a port has for us; false when there is nothing.
sub take {
	my $name = shift;
	my $n = sysread($in{$name}, my $data, 1 << 16);
	return 0 if !$n;
	if ($name ne 'ctl.out') {
		$count{$name} += $n;
		put($to{$name}, $data);
		return 1;
	}
	$lines .= $data;
	while ($lines =~ s/^(.*)\n//) {
		my $line = $1;
		if ($line =~ /^fail (.*)/) {
			put(\*STDERR, "vm: $1\n");
			result('fail');
			bye();
		} elsif ($line =~ /^done (\d+) (\d+) (\d+)$/) {
			$said = [$1, $2, $3];
		} else {
			warn("vm: the VM said '$line'\n");
			quit('fail');
		}
	}
	return 1;
}

for (;;) {
	late() if $late;
	my $r = '';
	vec($r, fileno($_), 1) = 1 for values %in;
	# A signal that came just before select would be noticed only after it.
	my $n = select($r, undef, undef, 0.5);
	my $got = 0;
	$got |= take($_) for grep { $n > 0 && vec($r, fileno($in{$_}), 1) } sort keys %in;
	if ($said && !$finished && $count{out} >= $said->[1] && $count{err} >= $said->[2]) {
		result("done $said->[0]");
		bye();
	}
	last if $ended && !$got;
}
