# Ends the processes of functions when the server is gone without having done so (kill -9, power of a debugger).
# Reads "+ <group> <address>" when a process starts and "- <group> <address>" when it has ended; the end of the
# input is the end of the server. $1 is the directory of the bootstraps.
trap '' HUP INT QUIT TERM
list=' '
while read -r verb group address; do
  case $verb in
    +) list="$list$group=$address " ;;
    -) case $list in
         *" $group=$address "*)
           list="${list%% "$group=$address" *} ${list#* "$group=$address" }" ;;
       esac ;;
  esac
done
directory=$1
shift
for entry in $list; do
  # Shells disagree about which form takes a group; the wrong one does nothing.
  kill -s KILL -- "-${entry%%=*}" 2>/dev/null || kill -9 "-${entry%%=*}" 2>/dev/null
  set -- "$@" -e "AWS_LAMBDA_RUNTIME_API=${entry#*=}"
done
# Children that left the process group still carry the sandbox's address in their environment.
if [ $# -gt 0 ] && [ -d /proc/self ]; then
  grep -lszxF "$@" /proc/[0-9]*/environ | while IFS=/ read -r _ _ process _; do
    kill -s KILL "$process" 2>/dev/null
  done
fi
rm -rf -- "$directory"
